/** Compares and tells the answer sections of kept DNS messages. */

import { CUT_MARK } from "../bytes/text.ts";
import { decodeDns, dnsName, dnsRecordData } from "../decode/dns.ts";
import { dnsTypeText } from "../decode/dns-codes.ts";
import { DNS_HEADER_BYTES } from "../decode/dns-name.ts";
import type { DnsQuestion } from "./dns-question.ts";
import type { DnsAnswerRecord } from "./records.ts";

const TYPE_A = 1;
const TYPE_AAAA = 28;

/** The records of the answer section of the message `view[start, end)`, as far as it is there. */
export function answerRecords(view: DataView, start: number, end: number): DnsAnswerRecord[] {
  const message = decodeDns(view, start, end);
  return message.answers.map((record) => ({
    name: dnsName(view, message, record.nameStart) ?? CUT_MARK,
    type: dnsTypeText(record.type),
    ttlSeconds: record.ttlSeconds,
    data: dnsRecordData(view, message, record),
  }));
}

/** Whether two messages answer the same: as many records of the same types and data, in any order, whatever their time to live. */
export function sameAnswers(
  view: DataView,
  start: number,
  end: number,
  otherView: DataView,
  otherStart: number,
  otherEnd: number,
): boolean {
  const first = contents(view, start, end);
  const second = contents(otherView, otherStart, otherEnd);
  return first.length === second.length && first.every((content, index) => content === second[index]);
}

/** Whether the question asks for addresses, and the answer section is there and holds A and AAAA records alone. */
export function hasAddressesAlone(view: DataView, start: number, end: number, question: DnsQuestion): boolean {
  const answers = view.getUint16(start + 6);
  if (question.type !== TYPE_A && question.type !== TYPE_AAAA) return false;
  if (answers === 0 || !question.present || !question.whole || view.getUint16(start + 4) !== 1) return false;
  let at = question.nameEnd + 4;
  for (let index = 0; index < answers; index++) {
    while (at < end && view.getUint8(at) > 0 && view.getUint8(at) < 0xc0) at += 1 + view.getUint8(at);
    if (at >= end) return false;
    at += view.getUint8(at) === 0 ? 1 : 2;
    if (at + 10 > end) return false;
    const type = view.getUint16(at);
    if (type !== TYPE_A && type !== TYPE_AAAA) return false;
    at += 10 + view.getUint16(at + 8);
  }
  return true;
}

/**
 * Whether an answer's records can tell more than its header: it has answers, or additional records other than the plain OPT record that
 * most end with (RFC 6891 section 6.1.2: root, type 41, UDP size, extended code and version and flags, and no data).
 */
export function needsItsRecords(view: DataView, start: number, end: number): boolean {
  if (view.getUint16(start + 6) > 0) return true;
  const additionals = view.getUint16(start + 10);
  if (additionals === 0) return false;
  const opt = end - 11;
  const plain =
    additionals === 1 &&
    opt >= start + DNS_HEADER_BYTES &&
    view.getUint8(opt) === 0 &&
    view.getUint16(opt + 1) === 41 &&
    view.getUint8(opt + 5) === 0 &&
    view.getUint16(opt + 9) === 0;
  return !plain;
}

function contents(view: DataView, start: number, end: number): string[] {
  return answerRecords(view, start, end)
    .map(({ type, data }) => `${type} ${data}`)
    .sort();
}
