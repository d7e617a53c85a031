/**
 * DHCP for IPv4, RFC 2131, in BOOTP messages, RFC 951, with options as in RFC 2132. By byte offset: op 0, htype 1, hlen 2, hops 3,
 * xid 4-7, secs 8-9, flags 10-11, ciaddr 12-15, yiaddr 16-19, siaddr 20-23, giaddr 24-27, chaddr 28-43, sname 44-107, file 108-235,
 * magic cookie 236-239, options from 240. A decoded message holds copies, and needs the packet's bytes no more.
 */
import { macAt } from "../bytes/address.ts";
import { safeText } from "../bytes/text.ts";
import type { LengthLimit, Problem, ProblemCode } from "./problem.ts";

const SERVER_NAME_START = 44;
const BOOT_FILE_START = 108;
const MAGIC_START = 236;
const OPTIONS_START = 240;

/** RFC 2132 section 2: 99.130.83.99. */
const MAGIC = 0x63825363;
const HARDWARE_ETHERNET = 1;
const MAX_HARDWARE_BYTES = 16;

const OPTION_PAD = 0;
const OPTION_OVERLOAD = 52;
const OPTION_MESSAGE_TYPE = 53;
const OPTION_END = 255;

/** Values of option 53: RFC 2132 section 9.6, RFC 3203, RFC 4388, RFC 6926, RFC 7724. */
const MESSAGE_TYPES: readonly string[] = [
  "DISCOVER",
  "OFFER",
  "REQUEST",
  "DECLINE",
  "ACK",
  "NAK",
  "RELEASE",
  "INFORM",
  "FORCERENEW",
  "LEASEQUERY",
  "LEASEUNASSIGNED",
  "LEASEUNKNOWN",
  "LEASEACTIVE",
  "BULKLEASEQUERY",
  "LEASEQUERYDONE",
  "ACTIVELEASEQUERY",
  "LEASEQUERYSTATUS",
  "TLS",
];

/** The fields before the server's name. Addresses are unsigned 32-bit numbers, 0 when the sender set none. */
interface DhcpHeader {
  /** 1 from client to server, 2 from server to client. */
  op: number;
  hardwareType: number;
  hardwareLength: number;
  hops: number;
  transactionId: number;
  seconds: number;
  /** The B flag: answers are to be broadcast. */
  broadcast: boolean;
  /** ciaddr */
  clientAddress: number;
  /** yiaddr: the address that is offered or given. */
  yourAddress: number;
  /** siaddr */
  nextServerAddress: number;
  /** giaddr */
  relayAddress: number;
  /** chaddr as one whole number; null unless it is an Ethernet address. */
  clientMac: number | null;
}

/** An option with all its parts put together (RFC 3396). */
export interface DhcpOption {
  code: number;
  data: Uint8Array<ArrayBuffer>;
}

/** A decoded message. What was read before a fault is there. */
export interface DhcpMessage {
  /** Null when not all of it is there. */
  header: DhcpHeader | null;
  /** sname and file as text; null when empty, used for options, or not known because the options are cut. */
  serverName: string | null;
  bootFile: string | null;
  /** In order of first appearance; each code once. Empty for plain BOOTP. */
  options: DhcpOption[];
  /** The first thing that was wrong; null when the message is whole and sound. */
  problem: Problem | null;
}

/** The parts of each option in the packet's own bytes, in order of first appearance. */
type OptionParts = Map<number, Uint8Array[]>;

/** Decodes the message `view[start, end)`. `limit` says what ended it, for the problem. Never throws. */
export function decodeDhcp(view: DataView, start: number, end: number, limit: LengthLimit = "capture"): DhcpMessage {
  const message: DhcpMessage = { header: null, serverName: null, bootFile: null, options: [], problem: null };
  if (end - start < SERVER_NAME_START) {
    note(message, "dhcp-cut", 0, SERVER_NAME_START, end - start, limit);
    return message;
  }
  message.header = readHeader(view, start, message);
  const parts: OptionParts = new Map();
  const ended = readOptionsField(view, start, end, message, parts, limit);
  // RFC 2132 section 9.3: 1 means file, 2 sname, 3 both; RFC 3396 section 5: file is read first
  const overload = parts.get(OPTION_OVERLOAD)?.[0]?.[0] ?? (ended ? 0 : null);
  if (overload === null) return withOptions(message, parts); // nobody can say what the two fields hold
  if ((overload & 1) === 0) message.bootFile = fieldText(view, start + BOOT_FILE_START, start + MAGIC_START);
  else readOptions(view, start + BOOT_FILE_START, start, start + MAGIC_START, message, parts, "dhcp-field");
  if ((overload & 2) === 0) message.serverName = fieldText(view, start + SERVER_NAME_START, start + BOOT_FILE_START);
  else readOptions(view, start + SERVER_NAME_START, start, start + BOOT_FILE_START, message, parts, "dhcp-field");
  return withOptions(message, parts);
}

/** The option with that code; null without one. */
export function findDhcpOption(message: DhcpMessage, code: number): DhcpOption | null {
  for (const option of message.options) if (option.code === code) return option;
  return null;
}

/** "DISCOVER", "OFFER", ..., "TYPE42"; "BOOTREQUEST" or "BOOTREPLY" without option 53; null when not even the header is there. */
export function dhcpMessageType(message: DhcpMessage): string | null {
  const type = findDhcpOption(message, OPTION_MESSAGE_TYPE)?.data[0];
  if (type !== undefined) return MESSAGE_TYPES[type - 1] ?? `TYPE${type}`;
  if (message.header === null) return null;
  return message.header.op === 2 ? "BOOTREPLY" : "BOOTREQUEST";
}

function readHeader(view: DataView, start: number, message: DhcpMessage): DhcpHeader {
  const hardwareType = view.getUint8(start + 1);
  const hardwareLength = view.getUint8(start + 2);
  if (hardwareLength > MAX_HARDWARE_BYTES) {
    note(message, "dhcp-bad-hardware-length", 2, hardwareLength, MAX_HARDWARE_BYTES, "dhcp-field");
  }
  return {
    op: view.getUint8(start),
    hardwareType,
    hardwareLength,
    hops: view.getUint8(start + 3),
    transactionId: view.getUint32(start + 4),
    seconds: view.getUint16(start + 8),
    broadcast: (view.getUint16(start + 10) & 0x8000) !== 0,
    clientAddress: view.getUint32(start + 12),
    yourAddress: view.getUint32(start + 16),
    nextServerAddress: view.getUint32(start + 20),
    relayAddress: view.getUint32(start + 24),
    clientMac: hardwareType === HARDWARE_ETHERNET && hardwareLength === 6 ? macAt(view, start + 28) : null,
  };
}

/** Reads the options field behind its magic cookie; false when its end is not known. Without the cookie there are no options. */
function readOptionsField(
  view: DataView,
  start: number,
  end: number,
  message: DhcpMessage,
  parts: OptionParts,
  limit: LengthLimit,
): boolean {
  if (end - start < OPTIONS_START) {
    note(message, "dhcp-cut", MAGIC_START, 4, end - start - MAGIC_START, limit);
    return false;
  }
  if (view.getUint32(start + MAGIC_START) === MAGIC) {
    return readOptions(view, start + OPTIONS_START, start, end, message, parts, limit);
  }
  note(message, "dhcp-bad-magic", MAGIC_START, 0, 4, limit);
  return true;
}

/** Reads the options of one field, up to its end option (RFC 2132 section 3.2); false without one. */
function readOptions(
  view: DataView,
  from: number,
  messageStart: number,
  end: number,
  message: DhcpMessage,
  parts: OptionParts,
  limit: LengthLimit,
): boolean {
  let at = from;
  while (at < end) {
    const code = view.getUint8(at);
    if (code === OPTION_END) return true;
    if (code === OPTION_PAD) {
      at++;
      continue;
    }
    const dataStart = at + 2;
    const dataEnd = dataStart <= end ? dataStart + view.getUint8(at + 1) : dataStart;
    if (dataEnd > end) {
      note(message, "dhcp-option-cut", at - messageStart, dataEnd - at, end - at, limit);
      return false;
    }
    const part = new Uint8Array(view.buffer, view.byteOffset + dataStart, dataEnd - dataStart);
    const earlier = parts.get(code);
    if (earlier === undefined) parts.set(code, [part]);
    else earlier.push(part);
    at = dataEnd;
  }
  note(message, "dhcp-no-end-option", end - messageStart, 1, 0, limit);
  return false;
}

function withOptions(message: DhcpMessage, parts: OptionParts): DhcpMessage {
  for (const [code, pieces] of parts) message.options.push({ code, data: joined(pieces) });
  return message;
}

/** A copy of an option's parts, one behind the other. */
function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return data;
}

/** Text of a field that a zero byte ends; null when it is empty. */
function fieldText(view: DataView, start: number, fieldEnd: number): string | null {
  let textEnd = start;
  while (textEnd < fieldEnd && view.getUint8(textEnd) !== 0) textEnd++;
  return textEnd === start ? null : safeText(view, start, textEnd);
}

function note(
  message: DhcpMessage,
  code: ProblemCode,
  offsetBytes: number,
  neededBytes: number,
  available: number,
  limit: LengthLimit,
): void {
  const availableBytes = Math.max(0, available);
  message.problem ??= { code, layer: "dhcp", offsetBytes, neededBytes, availableBytes, limit };
}
