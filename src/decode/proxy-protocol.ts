/**
 * The PROXY protocol's header, versions 1 and 2 ("The PROXY protocol", W. Tarreau, sections 2.1 and 2.2), which a load balancer may put
 * before the first byte of a connection. Version 1 is a line of text of at most 107 bytes. Version 2, by offset: signature 0-11,
 * version and command 12, family and transport 13, length of the rest 14-15, then addresses and ports.
 */
import { ipv4TextAt, ipv6TextAt, parseIpv4, parseIpv6 } from "../bytes/address.ts";
import type { LengthLimit, Problem } from "./problem.ts";

const SIGNATURE_1 = "PROXY ";
const SIGNATURE_2 = "\r\n\r\n\0\r\nQUIT\n";
const MAX_LINE_BYTES = 107;
const FIXED_BYTES = 16;

/** One end of the connection that is spoken for. */
interface ProxyEndpoint {
  address: string;
  port: number;
}

/** A PROXY header. */
export interface ProxyHeader {
  verdict: "whole" | "cut" | "malformed";
  version: 1 | 2;
  /** Where the header ends, or where reading stopped. */
  end: number;
  /** Null when the header names no addresses: a health check of the balancer itself (LOCAL), or UNKNOWN. */
  source: ProxyEndpoint | null;
  destination: ProxyEndpoint | null;
  problem: Problem | null;
}

/** The PROXY header at the start of `view[start, end)`; null when there is none. Fewer bytes than tell are none. */
export function decodeProxyHeader(
  view: DataView,
  start: number,
  end: number,
  limit: LengthLimit = "stream",
): ProxyHeader | null {
  if (startsWith(view, start, end, SIGNATURE_1)) return decodeLine(view, start, end, limit);
  if (startsWith(view, start, end, SIGNATURE_2)) return decodeBinary(view, start, end, limit);
  return null;
}

/** True when the range is a beginning of either signature, and not all of it. */
export function mayBecomeProxyHeader(view: DataView, start: number, end: number): boolean {
  const size = Math.max(0, end - start);
  if (size >= SIGNATURE_2.length) return false;
  if (size < SIGNATURE_1.length && startsWith(view, start, end, SIGNATURE_1.slice(0, size))) return true;
  return startsWith(view, start, end, SIGNATURE_2.slice(0, size));
}

function decodeLine(view: DataView, start: number, end: number, limit: LengthLimit): ProxyHeader {
  const bound = Math.min(end, start + MAX_LINE_BYTES);
  let text = "";
  for (let at = start; at < bound; at++) {
    const byte = view.getUint8(at);
    if (byte !== 0x0a) {
      text += String.fromCharCode(byte);
      continue;
    }
    const words = text.replace(/\r$/, "").split(" ");
    if (words[1] === "UNKNOWN") return header(1, at + 1);
    const source = endpoint(words[1], words[2], words[4]);
    const destination = endpoint(words[1], words[3], words[5]);
    if (words.length !== 6 || source === null || destination === null) return malformed(1, start, start, at + 1, limit);
    return { ...header(1, at + 1), source, destination };
  }
  return bound < start + MAX_LINE_BYTES
    ? cut(1, start, end, bound + 1, limit)
    : malformed(1, start, start, bound, limit);
}

function decodeBinary(view: DataView, start: number, end: number, limit: LengthLimit): ProxyHeader {
  if (end - start < FIXED_BYTES) return cut(2, start, end, start + FIXED_BYTES, limit);
  const versionAndCommand = view.getUint8(start + 12);
  const family = view.getUint8(start + 13) >> 4;
  const addressesStart = start + FIXED_BYTES;
  const headerEnd = addressesStart + view.getUint16(start + 14);
  if (versionAndCommand >> 4 !== 2 || (versionAndCommand & 15) > 1) return malformed(2, start, start + 12, end, limit);
  if (headerEnd > end) return cut(2, start, end, headerEnd, limit);
  if ((versionAndCommand & 15) === 0 || (family !== 1 && family !== 2)) return header(2, headerEnd);
  const addressBytes = family === 1 ? 4 : 16;
  const portsStart = addressesStart + addressBytes * 2;
  if (portsStart + 4 > headerEnd) return malformed(2, start, addressesStart, headerEnd, limit);
  const text = family === 1 ? ipv4TextAt : ipv6TextAt;
  return {
    ...header(2, headerEnd),
    source: { address: text(view, addressesStart), port: view.getUint16(portsStart) },
    destination: { address: text(view, addressesStart + addressBytes), port: view.getUint16(portsStart + 2) },
  };
}

function endpoint(family: string | undefined, address = "", port = ""): ProxyEndpoint | null {
  const sound =
    (family === "TCP4" && parseIpv4(address) !== null) || (family === "TCP6" && parseIpv6(address) !== null);
  if (!sound || !/^(0|[1-9][0-9]{0,4})$/.test(port) || Number(port) > 65535) return null;
  return { address, port: Number(port) };
}

function header(version: 1 | 2, end: number): ProxyHeader {
  return { verdict: "whole", version, end, source: null, destination: null, problem: null };
}

function cut(version: 1 | 2, start: number, end: number, neededEnd: number, limit: LengthLimit): ProxyHeader {
  const neededBytes = neededEnd - start;
  const availableBytes = end - start;
  const problem: Problem = {
    code: "proxy-cut",
    layer: "proxy-protocol",
    offsetBytes: 0,
    neededBytes,
    availableBytes,
    limit,
  };
  return { ...header(version, end), verdict: "cut", problem };
}

function malformed(version: 1 | 2, start: number, at: number, end: number, limit: LengthLimit): ProxyHeader {
  const problem: Problem = {
    code: "proxy-bad-header",
    layer: "proxy-protocol",
    offsetBytes: at - start,
    neededBytes: 0,
    availableBytes: end - at,
    limit,
  };
  return { ...header(version, end), verdict: "malformed", problem };
}

function startsWith(view: DataView, start: number, end: number, text: string): boolean {
  if (end - start < text.length) return false;
  for (let at = 0; at < text.length; at++) if (view.getUint8(start + at) !== text.charCodeAt(at)) return false;
  return true;
}
