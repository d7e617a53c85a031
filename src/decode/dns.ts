/**
 * DNS messages, RFC 1035, with EDNS (RFC 6891) and extended errors (RFC 8914). Header, by byte offset: id 0-1, flags 2-3, then four
 * counts of two bytes each: questions 4, answers 6, authority records 8, additional records 10.
 *
 * Decoding has two steps. `decodeDns` finds where everything stands, checks names and lengths, and makes no text. `dnsName` and
 * `dnsRecordData` make the text of what is asked for, from the same bytes: they must still be there.
 */
import { dnsRcodeText } from "./dns-codes.ts";
import { DNS_HEADER_BYTES, NameFault, nameEnd, nameText } from "./dns-name.ts";
import { rdataText } from "./dns-rdata.ts";
import { addressBytes, dataFault, nameFaultCode, RECORD_FIXED_BYTES, TYPE_OPT } from "./dns-soundness.ts";
import type { LengthLimit, Problem, ProblemCode } from "./problem.ts";

const EDNS_EXTENDED_ERROR = 15;

/** The message header (RFC 1035 section 4.1.1, RFC 4035 for AD and CD). */
export interface DnsHeader {
  id: number;
  /** Bytes 2-3 as they are. */
  flags: number;
  response: boolean;
  opcode: number;
  authoritative: boolean;
  truncated: boolean;
  recursionDesired: boolean;
  recursionAvailable: boolean;
  authenticData: boolean;
  checkingDisabled: boolean;
  /** The header's four bits; `DnsMessage.rcode` has EDNS's too. */
  rcode: number;
  /** Counts as stated, which may be more than there are. */
  questions: number;
  answers: number;
  authorities: number;
  additionals: number;
}

/** A question; offsets are into the view that was decoded. */
interface DnsQuestion {
  nameStart: number;
  type: number;
  class: number;
}

/** A resource record; offsets are into the view that was decoded. */
export interface DnsRecord {
  nameStart: number;
  type: number;
  class: number;
  ttlSeconds: number;
  dataStart: number;
  dataEnd: number;
}

/** An option of the OPT record; offsets are into the view that was decoded. */
interface EdnsOption {
  code: number;
  dataStart: number;
  dataEnd: number;
}

/** What the OPT record says (RFC 6891 section 6.1). */
interface Edns {
  /** UDP payload that the sender can take. */
  payloadBytes: number;
  version: number;
  /** The DO bit: DNSSEC records are wanted. */
  dnssecOk: boolean;
  options: EdnsOption[];
  /** Info codes of extended errors (RFC 8914), in order. */
  extendedErrors: number[];
}

/** A decoded message. What was read before a fault is there. */
export interface DnsMessage {
  /** Range of the message in the view. */
  start: number;
  end: number;
  /** Null when not even the header is whole. */
  header: DnsHeader | null;
  /** With EDNS's upper eight bits (RFC 6891 section 6.1.3); null without a header. */
  rcode: number | null;
  questions: DnsQuestion[];
  answers: DnsRecord[];
  authorities: DnsRecord[];
  /** With the OPT record. */
  additionals: DnsRecord[];
  /** Null without an OPT record. */
  edns: Edns | null;
  /** The first thing that was wrong; null when the message is whole and sound. */
  problem: Problem | null;
}

/** The header of the message `view[start, end)`; null when it is not whole. */
export function readDnsHeader(view: DataView, start: number, end: number): DnsHeader | null {
  if (end - start < DNS_HEADER_BYTES) return null;
  const flags = view.getUint16(start + 2);
  return {
    id: view.getUint16(start),
    flags,
    response: (flags & 0x8000) !== 0,
    opcode: (flags >>> 11) & 15,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    recursionDesired: (flags & 0x0100) !== 0,
    recursionAvailable: (flags & 0x0080) !== 0,
    authenticData: (flags & 0x0020) !== 0,
    checkingDisabled: (flags & 0x0010) !== 0,
    rcode: flags & 15,
    questions: view.getUint16(start + 4),
    answers: view.getUint16(start + 6),
    authorities: view.getUint16(start + 8),
    additionals: view.getUint16(start + 10),
  };
}

/**
 * Offset behind the first question's name, type and class, which begin at `start + DNS_HEADER_BYTES`: the bytes by which a query and
 * its answer can be paired without making text. -1 when there is no question, or it is cut, not sound or compressed.
 */
export function questionEnd(view: DataView, start: number, end: number): number {
  if (end - start < DNS_HEADER_BYTES || view.getUint16(start + 4) === 0) return -1;
  let position = start + DNS_HEADER_BYTES;
  const nameLimit = Math.min(end, position + 255);
  while (position < nameLimit) {
    const length = view.getUint8(position);
    if (length >= 0x40) return -1;
    position += length + 1;
    if (length === 0) return position + 4 <= end ? position + 4 : -1;
  }
  return -1;
}

/**
 * DNS over TCP (RFC 1035 section 4.2.2): the end of the message whose two length bytes stand at `at`; it begins at `at + 2`. -1 while
 * not all of it is there.
 */
export function dnsTcpMessageEnd(view: DataView, at: number, end: number): number {
  if (end - at < 2) return -1;
  const messageEnd = at + 2 + view.getUint16(at);
  return messageEnd <= end ? messageEnd : -1;
}

/** Decodes the message `view[start, end)`. `limit` says what ended it, for the problem. Never throws. */
export function decodeDns(view: DataView, start: number, end: number, limit: LengthLimit = "capture"): DnsMessage {
  const message: DnsMessage = {
    start,
    end,
    header: readDnsHeader(view, start, end),
    rcode: null,
    questions: [],
    answers: [],
    authorities: [],
    additionals: [],
    edns: null,
    problem: null,
  };
  const { header } = message;
  if (header === null) {
    message.problem = cut(message, start, DNS_HEADER_BYTES, limit);
    return message;
  }
  message.rcode = header.rcode;
  let at = readQuestions(view, message, header.questions, limit);
  if (at >= 0) at = readRecords(view, message, message.answers, header.answers, at, limit);
  if (at >= 0) at = readRecords(view, message, message.authorities, header.authorities, at, limit);
  if (at >= 0) readRecords(view, message, message.additionals, header.additionals, at, limit);
  return message;
}

/** The name at `nameStart` of a question or record, as text (see dns-name.ts); null when it is not sound. */
export function dnsName(view: DataView, message: DnsMessage, nameStart: number): string | null {
  return nameText(view, message.start, message.end, nameStart);
}

/** A record's data in presentation format; RFC 3597's \# form for unknown types and data that does not fit its type. */
export function dnsRecordData(view: DataView, message: DnsMessage, record: DnsRecord): string {
  return rdataText(view, message.start, message.end, record.type, record.dataStart, record.dataEnd);
}

/** The message's rcode with EDNS's bits, as "NOERROR", "BADVERS", ...; null without a header. */
export function dnsRcode(message: DnsMessage): string | null {
  return message.rcode === null ? null : dnsRcodeText(message.rcode);
}

/** Reads the questions; gives the offset behind them, or -1 after a fault. */
function readQuestions(view: DataView, message: DnsMessage, count: number, limit: LengthLimit): number {
  let at = message.start + DNS_HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    const nameStart = at;
    at = readName(view, message, at, limit);
    if (at < 0) return -1;
    if (message.end - at < 4) return fail(message, cut(message, at, 4, limit));
    message.questions.push({ nameStart, type: view.getUint16(at), class: view.getUint16(at + 2) });
    at += 4;
  }
  return at;
}

/** Reads one section's records; gives the offset behind them, or -1 after a fault. A record counts when all its data is there. */
function readRecords(
  view: DataView,
  message: DnsMessage,
  section: DnsRecord[],
  count: number,
  from: number,
  limit: LengthLimit,
): number {
  let at = from;
  for (let index = 0; index < count; index++) {
    const nameStart = at;
    at = readName(view, message, at, limit);
    if (at < 0) return -1;
    if (message.end - at < RECORD_FIXED_BYTES) return fail(message, cut(message, at, RECORD_FIXED_BYTES, limit));
    const dataStart = at + RECORD_FIXED_BYTES;
    const dataEnd = dataStart + view.getUint16(at + 8);
    if (dataEnd > message.end) return fail(message, cut(message, dataStart, dataEnd - dataStart, limit));
    const record: DnsRecord = {
      nameStart,
      type: view.getUint16(at),
      class: view.getUint16(at + 2),
      ttlSeconds: view.getUint32(at + 4),
      dataStart,
      dataEnd,
    };
    section.push(record);
    if (record.type === TYPE_OPT) readOpt(view, message, record);
    else if (message.header?.opcode === 0) checkData(view, message, record);
    at = dataEnd;
  }
  return at;
}

function readName(view: DataView, message: DnsMessage, at: number, limit: LengthLimit): number {
  const after = nameEnd(view, message.start, message.end, at);
  if (after >= 0) return after;
  if (after === NameFault.cut) return fail(message, cut(message, at, Math.max(0, message.end - at) + 1, limit));
  return fail(message, malformed(message, nameFaultCode(after), at, message.end, limit));
}

/** Notes data that cannot be what the type says. The record stays, and so do those behind it: its length is still known. */
function checkData(view: DataView, message: DnsMessage, record: DnsRecord): void {
  const { type, dataStart, dataEnd } = record;
  const code = dataFault(view, message.start, message.end, type, record.class, dataStart, dataEnd);
  if (code === null) return;
  fail(message, malformed(message, code, dataStart, dataEnd, "dns-rdata-length", addressBytes(type)));
}

/** RFC 6891 section 6.1.2 and 6.1.3: class is the payload size, the TTL holds extended rcode, version and flags. */
function readOpt(view: DataView, message: DnsMessage, record: DnsRecord): void {
  if (message.edns !== null) return; // section 6.1.1: more than one is an error; the first counts
  const edns: Edns = {
    payloadBytes: record.class,
    version: (record.ttlSeconds >>> 16) & 0xff,
    dnssecOk: (record.ttlSeconds & 0x8000) !== 0,
    options: [],
    extendedErrors: [],
  };
  message.edns = edns;
  message.rcode = ((record.ttlSeconds >>> 24) << 4) | (message.header?.rcode ?? 0);
  let at = record.dataStart;
  while (at < record.dataEnd) {
    const dataStart = at + 4;
    const dataEnd = dataStart <= record.dataEnd ? dataStart + view.getUint16(at + 2) : dataStart;
    if (dataEnd > record.dataEnd) {
      fail(message, malformed(message, "dns-bad-rdata", at, record.dataEnd, "dns-rdata-length", dataEnd - at));
      return;
    }
    const code = view.getUint16(at);
    edns.options.push({ code, dataStart, dataEnd });
    if (code === EDNS_EXTENDED_ERROR && dataEnd - dataStart >= 2) edns.extendedErrors.push(view.getUint16(dataStart));
    at = dataEnd;
  }
}

/** Keeps the first problem; -1 for the caller to hand on. */
function fail(message: DnsMessage, problem: Problem): number {
  message.problem ??= problem;
  return -1;
}

function cut(message: DnsMessage, at: number, neededBytes: number, limit: LengthLimit): Problem {
  return malformed(message, "dns-cut", at, message.end, limit, neededBytes);
}

function malformed(
  message: DnsMessage,
  code: ProblemCode,
  at: number,
  end: number,
  limit: LengthLimit,
  neededBytes = 0,
): Problem {
  const availableBytes = Math.max(0, end - at);
  return { code, layer: "dns", offsetBytes: at - message.start, neededBytes, availableBytes, limit };
}
