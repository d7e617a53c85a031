/** Compares and tells the answer sections of kept DNS messages. */

import { CUT_MARK } from "../bytes/text.ts";
import { decodeDns, dnsName, dnsRecordData } from "../decode/dns.ts";
import { dnsTypeText } from "../decode/dns-codes.ts";
import type { DnsAnswerRecord } from "./records.ts";

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

function contents(view: DataView, start: number, end: number): string[] {
  return answerRecords(view, start, end)
    .map(({ type, data }) => `${type} ${data}`)
    .sort();
}
