/** Parameters of SVCB and HTTPS records, RFC 9460 section 2.1 and appendix A, as text: key=value pairs with a space between them. */
import { ipv4TextAt, ipv6TextAt } from "../bytes/address.ts";
import { ByteReader } from "../bytes/reader.ts";
import { decimalEscape } from "./dns-name.ts";

const KEYS: readonly string[] = [
  "mandatory",
  "alpn",
  "no-default-alpn",
  "port",
  "ipv4hint",
  "ech",
  "ipv6hint",
  "dohpath",
  "ohttp",
];

/** Reads all that is left; null when it is not sound. */
export function serviceParametersText(reader: ByteReader): string | null {
  const texts: string[] = [];
  let previous = -1;
  while (reader.availableBytes > 0) {
    const key = reader.u16();
    const lengthBytes = reader.u16();
    const start = reader.take(lengthBytes);
    if (start < 0 || key <= previous) return null; // section 2.2: strictly ascending keys
    previous = key;
    const value = valueText(key, new ByteReader(reader.view, start, start + lengthBytes));
    if (value === null) return null;
    texts.push(value === "" ? keyText(key) : `${keyText(key)}=${value}`);
  }
  return texts.join(" ");
}

function keyText(key: number): string {
  return KEYS[key] ?? `key${key}`;
}

function valueText(key: number, value: ByteReader): string | null {
  switch (keyText(key)) {
    case "mandatory":
      return list(value, 2, (at) => keyText(value.view.getUint16(at)));
    case "alpn":
      return protocols(value);
    case "no-default-alpn":
    case "ohttp":
      return value.availableBytes === 0 ? "" : null;
    case "port":
      return value.availableBytes === 2 ? String(value.u16()) : null;
    case "ipv4hint":
      return list(value, 4, (at) => ipv4TextAt(value.view, at));
    case "ipv6hint":
      return list(value, 16, (at) => ipv6TextAt(value.view, at));
    case "ech":
      return Buffer.from(value.view.buffer, value.view.byteOffset + value.start, value.end - value.start).toString(
        "base64",
      );
    default:
      return value.availableBytes === 0 ? "" : `"${escaped(value, value.start, value.end, false)}"`;
  }
}

/** Items of a fixed size, at least one, with commas between them. */
function list(value: ByteReader, itemBytes: number, make: (at: number) => string): string | null {
  if (value.availableBytes === 0 || value.availableBytes % itemBytes !== 0) return null;
  const texts: string[] = [];
  for (let at = value.start; at < value.end; at += itemBytes) texts.push(make(at));
  return texts.join(",");
}

/** Section 7.1.1: protocol identifiers, each with a length byte, not empty. */
function protocols(value: ByteReader): string | null {
  const texts: string[] = [];
  do {
    const lengthBytes = value.u8();
    const start = value.take(lengthBytes);
    if (start < 0 || lengthBytes === 0) return null;
    texts.push(escaped(value, start, start + lengthBytes, true));
  } while (value.availableBytes > 0);
  return `"${texts.join(",")}"`;
}

/** In a list, comma and backslash are escaped for the list first (appendix A.1), and that escape is escaped again. */
function escaped(value: ByteReader, start: number, end: number, inList: boolean): string {
  let text = "";
  for (let at = start; at < end; at++) {
    const byte = value.view.getUint8(at);
    if (inList && byte === 0x2c) text += "\\\\,";
    else if (inList && byte === 0x5c) text += "\\\\\\\\";
    else if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : decimalEscape(byte);
  }
  return text;
}
