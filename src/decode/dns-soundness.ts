/** Whether a DNS message is sound, found without making anything: it is asked of every message, and `decodeDns` says of the few others why not. */
import { DNS_HEADER_BYTES, NameFault, nameEnd } from "./dns-name.ts";
import type { ProblemCode } from "./problem.ts";

const QUESTION_FIXED_BYTES = 4; // type 2, class 2
export const RECORD_FIXED_BYTES = 10; // type 2, class 2, TTL 4, RDLENGTH 2
const OPTION_FIXED_BYTES = 4; // code 2, length 2
const OPCODE_BITS = 0x7800;

const TYPE_A = 1;
const TYPE_AAAA = 28;
export const TYPE_OPT = 41;
const CLASS_IN = 1;

/** Types whose whole data is one name: NS, MD, MF, CNAME, MB, MG, MR, PTR, DNAME. */
const ONE_NAME_TYPES: ReadonlySet<number> = new Set([2, 3, 4, 5, 7, 8, 9, 12, 39]);

/** The same as that `decodeDns` finds no problem in `view[start, end)`. */
export function isSoundDns(view: DataView, start: number, end: number): boolean {
  if (end - start < DNS_HEADER_BYTES) return false;
  let at = start + DNS_HEADER_BYTES;
  for (let left = view.getUint16(start + 4); left > 0; left--) {
    at = nameEnd(view, start, end, at);
    if (at < 0 || end - at < QUESTION_FIXED_BYTES) return false;
    at += QUESTION_FIXED_BYTES;
  }
  const isQuery = (view.getUint16(start + 2) & OPCODE_BITS) === 0;
  let isFirstOpt = true;
  for (let left = recordsOf(view, start); left > 0; left--) {
    at = nameEnd(view, start, end, at);
    if (at < 0 || end - at < RECORD_FIXED_BYTES) return false;
    const type = view.getUint16(at);
    const dataStart = at + RECORD_FIXED_BYTES;
    const dataEnd = dataStart + view.getUint16(at + 8);
    if (dataEnd > end) return false;
    if (type === TYPE_OPT) {
      if (isFirstOpt && !hasSoundOptions(view, dataStart, dataEnd)) return false;
      isFirstOpt = false;
    } else if (isQuery && dataFault(view, start, end, type, view.getUint16(at + 2), dataStart, dataEnd) !== null) {
      return false;
    }
    at = dataEnd;
  }
  return true;
}

/** What is wrong with the data `view[dataStart, dataEnd)` of a record in the message `view[start, end)`; null when it may be what its type says. */
export function dataFault(
  view: DataView,
  start: number,
  end: number,
  type: number,
  recordClass: number,
  dataStart: number,
  dataEnd: number,
): ProblemCode | null {
  if (type === TYPE_A || type === TYPE_AAAA) {
    return recordClass === CLASS_IN && dataEnd - dataStart !== addressBytes(type) ? "dns-bad-rdata" : null;
  }
  if (!ONE_NAME_TYPES.has(type)) return null;
  const after = nameEnd(view, start, end, dataStart);
  if (after < 0 && after !== NameFault.cut) return nameFaultCode(after);
  return after === dataEnd ? null : "dns-bad-rdata";
}

/** Bytes that the data of an address record has; 0 of other types, which have no one length. */
export function addressBytes(type: number): number {
  if (type === TYPE_A) return 4;
  return type === TYPE_AAAA ? 16 : 0;
}

/** The code of a name's fault other than `NameFault.cut`. */
export function nameFaultCode(fault: number): ProblemCode {
  if (fault === NameFault.tooLong) return "dns-name-too-long";
  if (fault === NameFault.pointerLoop) return "dns-pointer-loop";
  return fault === NameFault.pointerOutside ? "dns-pointer-outside" : "dns-bad-label";
}

function recordsOf(view: DataView, start: number): number {
  return view.getUint16(start + 6) + view.getUint16(start + 8) + view.getUint16(start + 10);
}

function hasSoundOptions(view: DataView, dataStart: number, dataEnd: number): boolean {
  let at = dataStart;
  while (at + OPTION_FIXED_BYTES <= dataEnd) at += OPTION_FIXED_BYTES + view.getUint16(at + 2);
  return at === dataEnd;
}
