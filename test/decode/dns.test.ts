import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeDns, dnsTcpMessageEnd, questionEnd, readDnsHeader } from "../../src/decode/dns.ts";
import { isSoundDns } from "../../src/decode/dns-soundness.ts";
import { describeDns, dnsBytes } from "../support/dns.ts";
import { placed, readExamples } from "../support/examples.ts";
import { hasTool } from "../support/tools.ts";
import { tsharkFields, udpCapture } from "../support/tshark.ts";

const examples = readExamples(new URL("./dns.md", import.meta.url));
const describePlaced = (bytes: Uint8Array, filler: number) => {
  const { view, start, end } = placed(bytes, filler);
  return describeDns(view, start, end);
};
const anyMessage = fc.oneof(
  fc.uint8Array({ maxLength: 96 }),
  fc.constantFrom(...examples.map((example) => example.bytes)).chain((bytes) =>
    fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }).map((changes) => {
      const mutated = bytes.slice();
      for (const [at, value] of changes) mutated[at] = value;
      return mutated;
    }),
  ),
);

describe("documented messages", () => {
  test.each(examples)("$title", ({ bytes, expected }) => {
    expect(describePlaced(bytes, 0xff)).toEqual(expected);
  });
});

test("what lies around the message never changes the result", () => {
  fc.assert(
    fc.property(anyMessage, (bytes) => {
      expect(describePlaced(bytes, 0x00)).toEqual(describePlaced(bytes, 0xff));
    }),
    { numRuns: 1000 },
  );
});

test("a message is sound when decoding finds no problem, and then alone", () => {
  let sound = 0;
  fc.assert(
    fc.property(anyMessage, (bytes) => {
      const { view, start, end } = placed(bytes, 0xff);
      const isSound = isSoundDns(view, start, end);
      expect(isSound).toBe(decodeDns(view, start, end).problem === null);
      if (isSound) sound++;
    }),
    { numRuns: 3000 },
  );
  expect(sound).toBeGreaterThan(300);
});

test.each(examples)("cut anywhere, it tells nothing that the whole does not: $title", ({ bytes }) => {
  const whole = decodeDns(placed(bytes, 0xff).view, 37, 37 + bytes.length);
  for (let size = 0; size < bytes.length; size++) {
    const { view, start, end } = placed(bytes.slice(0, size), 0xff);
    const cut = decodeDns(view, start, end);
    expect(cut.problem).not.toBeNull();
    expect(whole.questions.slice(0, cut.questions.length)).toEqual(cut.questions);
    expect(whole.answers.slice(0, cut.answers.length)).toEqual(cut.answers);
    expect(whole.authorities.slice(0, cut.authorities.length)).toEqual(cut.authorities);
    expect(whole.additionals.slice(0, cut.additionals.length)).toEqual(cut.additionals);
  }
});

test("the longest name is 255 bytes, with or without pointers", () => {
  const label = "a".repeat(63);
  const longest = dnsBytes({ questions: [{ name: `${label}.${label}.${label}.${"b".repeat(61)}`, type: 1 }] });
  const longer = dnsBytes({ questions: [{ name: `${label}.${label}.${label}.${"b".repeat(62)}`, type: 1 }] });
  expect(describePlaced(longest, 0)["problem"]).toBeUndefined();
  expect(describePlaced(longer, 0)["problem"]).toBe("dns-name-too-long at 12, needs 0 of 260, capture");
});

test("a chain of pointers is followed up to its bound", () => {
  const chain = (pointers: number) => {
    const bytes = new Uint8Array(12 + 1 + pointers * 2 + 4);
    bytes[5] = 1;
    const view = new DataView(bytes.buffer);
    view.setUint16(12, 0xc000 | 14);
    for (let index = 0; index < pointers - 1; index++) view.setUint16(14 + index * 2, 0xc000 | (16 + index * 2));
    return decodeDns(view, 0, bytes.length).problem?.code;
  };
  expect(chain(127)).toBeUndefined();
  expect(chain(128)).toBe("dns-pointer-loop");
});

test("many names that point through the same chain do not take long", () => {
  const bytes = new Uint8Array(65_535);
  const view = new DataView(bytes.buffer);
  view.setUint16(4, 0xffff);
  for (let at = 12; at + 6 <= bytes.length; at += 6) view.setUint16(at, 0xc000 | Math.min(at + 6, 0x3ff0));
  const startedAt = performance.now();
  decodeDns(view, 0, bytes.length);
  expect(performance.now() - startedAt).toBeLessThan(500);
});

test("query and answer are paired by the bytes of the question", () => {
  const { view, start, end } = placed(examples[0]?.bytes ?? new Uint8Array(), 0xff);
  expect(questionEnd(view, start, end)).toBe(start + 12 + 21);
  expect(questionEnd(view, start, start + 12 + 20)).toBe(-1);
  const compressed = placed(dnsBytes({ questions: [] }), 0xff);
  expect(questionEnd(compressed.view, compressed.start, compressed.end)).toBe(-1);
});

test("the header is read without the rest, or not at all", () => {
  const { view, start } = placed(examples[0]?.bytes ?? new Uint8Array(), 0xff);
  expect(readDnsHeader(view, start, start + 12)).toMatchObject({
    id: 0x1234,
    response: true,
    questions: 1,
    answers: 1,
  });
  expect(readDnsHeader(view, start, start + 11)).toBeNull();
});

test("a message of a TCP stream is given when all of it is there", () => {
  const { view, start, end } = placed(Uint8Array.of(0, 3, 1, 2, 3, 0, 1, 9, 0), 0xff);
  expect(dnsTcpMessageEnd(view, start, end)).toBe(start + 5);
  expect(dnsTcpMessageEnd(view, start, start + 4)).toBe(-1);
  expect(dnsTcpMessageEnd(view, start + 5, end)).toBe(start + 8);
  expect(dnsTcpMessageEnd(view, start + 8, end)).toBe(-1);
});

test.skipIf(!hasTool("tshark"))("header, names, types, classes and lifetimes are those that tshark sees", () => {
  const label = fc.string({ unit: fc.constantFrom(..."abcxyz019-_"), minLength: 1, maxLength: 12 });
  const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join("."));
  const record = fc.record({
    name,
    type: fc.constantFrom(1, 16, 99, 65280),
    ttlSeconds: fc.integer({ min: 0, max: 0x7fffffff }),
    data: fc.constant(Uint8Array.of(3, 97, 98, 99)),
  });
  const parts = fc.record({
    id: fc.integer({ min: 0, max: 0xffff }),
    flags: fc.constantFrom(0x8180, 0x8183, 0x8583, 0x8785, 0x81b2),
    questions: fc.tuple(fc.record({ name, type: fc.constantFrom(1, 28, 5, 15, 33, 65, 255) })),
    answers: fc.array(record, { maxLength: 4 }),
  });
  const messages = fc.sample(parts, { numRuns: 200, seed: 1 }).map((part) => dnsBytes(part));
  const fields = ["dns.id", "dns.flags", "dns.qry.name", "dns.qry.type", "dns.resp.name", "dns.resp.type"];
  const rows = tsharkFields(udpCapture(messages, 53, 5300), [...fields, "dns.resp.ttl", "dns.a"]);
  const ours = messages.map((bytes) => {
    const view = new DataView(bytes.buffer);
    const message = decodeDns(view, 0, bytes.length);
    const described = describeDns(view, 0, bytes.length);
    const answers = [described["answers"] ?? []].flat().map(String);
    const hex = (value: number) => `0x${value.toString(16).padStart(4, "0")}`;
    return [
      [hex(message.header?.id ?? -1)],
      [hex(message.header?.flags ?? -1)],
      [described["questions"]].flat().map((text) => String(text).split(" ")[0]),
      message.questions.map((question) => String(question.type)),
      answers.map((text) => text.split(" ")[0]),
      message.answers.map((answer) => String(answer.type)),
      message.answers.map((answer) => String(answer.ttlSeconds)),
      answers.filter((text) => text.includes(" IN A ")).map((text) => text.split(" ")[4]),
    ];
  });
  expect(ours).toEqual(rows);
});
