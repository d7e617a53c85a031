import { hexText } from "../../src/bytes/text.ts";
import {
  type DnsHeader,
  type DnsMessage,
  type DnsRecord,
  decodeDns,
  dnsName,
  dnsRcode,
  dnsRecordData,
} from "../../src/decode/dns.ts";
import { dnsClassText, dnsTypeText } from "../../src/decode/dns-codes.ts";

const FLAGS = [
  "response",
  "authoritative",
  "truncated",
  "recursionDesired",
  "recursionAvailable",
  "authenticData",
  "checkingDisabled",
] as const satisfies readonly (keyof DnsHeader)[];

/** A decoded message as short text, without what is empty, so that documents and comparisons stay readable. */
export function describeDns(view: DataView, start: number, end: number): Record<string, unknown> {
  const message = decodeDns(view, start, end);
  const { header, edns, problem } = message;
  const described = {
    id: header?.id ?? null,
    rcode: dnsRcode(message),
    flags: header && FLAGS.filter((flag) => header[flag]).join(" "),
    questions: message.questions.map((question) => {
      const name = dnsName(view, message, question.nameStart);
      return `${name} ${dnsClassText(question.class)} ${dnsTypeText(question.type)}`;
    }),
    answers: message.answers.map((record) => recordText(view, message, record)),
    authorities: message.authorities.map((record) => recordText(view, message, record)),
    additionals: message.additionals.map((record) => recordText(view, message, record)),
    edns: edns && {
      ...edns,
      options: edns.options.map((option) => `${option.code}:${hexText(view, option.dataStart, option.dataEnd)}`),
    },
    problem: problem && problemText(problem),
  };
  const kept = Object.entries(described).filter(
    ([key, value]) =>
      ["id", "rcode", "flags"].includes(key) || (value !== null && !(Array.isArray(value) && !value[0])),
  );
  return Object.fromEntries(kept);
}

/** "code at offset, needs n of m, limit". */
export function problemText(problem: NonNullable<DnsMessage["problem"]>): string {
  const { code, offsetBytes, neededBytes, availableBytes, limit } = problem;
  return `${code} at ${offsetBytes}, needs ${neededBytes} of ${availableBytes}, ${limit}`;
}

function recordText(view: DataView, message: DnsMessage, record: DnsRecord): string {
  const { nameStart, ttlSeconds, class: dnsClass, type } = record;
  const head = `${dnsName(view, message, nameStart)} ${ttlSeconds} ${dnsClassText(dnsClass)} ${dnsTypeText(type)}`;
  return `${head} ${dnsRecordData(view, message, record)}`;
}

/** A resource record for `dnsBytes`. */
export interface BuiltRecord {
  name: string;
  type: number;
  data: Uint8Array;
  class?: number;
  ttlSeconds?: number;
}

/** A message with one question for each name, and records; names are dotted and not compressed. */
export function dnsBytes(parts: {
  id?: number;
  flags?: number;
  questions?: readonly { name: string; type: number }[];
  answers?: readonly BuiltRecord[];
}): Uint8Array {
  const { id = 1, flags = 0x8180, questions = [], answers = [] } = parts;
  return Uint8Array.from(
    [u16(id), u16(flags), u16(questions.length), u16(answers.length), u16(0), u16(0)]
      .concat(questions.map(({ name, type }) => [...nameBytes(name), ...u16(type), ...u16(1)]))
      .concat(
        answers.map((record) => [
          ...nameBytes(record.name),
          ...u16(record.type),
          ...u16(record.class ?? 1),
          ...u16((record.ttlSeconds ?? 60) >>> 16),
          ...u16((record.ttlSeconds ?? 60) & 0xffff),
          ...u16(record.data.length),
          ...record.data,
        ]),
      )
      .flat(),
  );
}

/** Wire form of a dotted name; "" is the root. */
export function nameBytes(name: string): number[] {
  const labels = name === "" ? [] : name.split(".");
  return [...labels.flatMap((label) => [label.length, ...Buffer.from(label, "latin1")]), 0];
}

function u16(value: number): number[] {
  return [value >>> 8, value & 0xff];
}
