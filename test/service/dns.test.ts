import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DnsRecord } from "../../src/service/records.ts";
import { DnsScript } from "../support/dns-script.ts";

function told(records: readonly DnsRecord[], ...keys: (keyof DnsRecord)[]): Record<string, unknown>[] {
  return records.map((record) => Object.fromEntries(keys.map((key) => [key, record[key]])));
}

const EXAMPLE = { name: "www.example.com" };

describe("a question", () => {
  test("that is answered has what both messages say", () => {
    const { record } = new DnsScript()
      .at(5)
      .ask(EXAMPLE)
      .at(7.25)
      .answer({ ...EXAMPLE, ttlSeconds: 30 });
    expect(told([record], "flow", "messageId", "transport", "name", "type", "class", "vmAddress", "vmPort")).toEqual([
      {
        flow: 0,
        messageId: 1,
        transport: "udp",
        name: "www.example.com",
        type: "A",
        class: "IN",
        vmAddress: "10.0.0.4",
        vmPort: 40000,
      },
    ]);
    expect(
      told(
        [record],
        "askedNs",
        "responseMs",
        "outcome",
        "rcode",
        "truncated",
        "retries",
        "queryPackets",
        "answerPacket",
      ),
    ).toEqual([
      {
        askedNs: 5e6,
        responseMs: 2.25,
        outcome: "answered",
        rcode: "NOERROR",
        truncated: false,
        retries: 0,
        queryPackets: [0],
        answerPacket: 1,
      },
    ]);
    expect(record.answers).toEqual([{ name: "www.example.com", type: "A", ttlSeconds: 30, data: "10.0.0.1" }]);
  });

  test("is told by its case, and matched whatever its case", () => {
    const { record } = new DnsScript().ask({ name: "wWw.ExAmple.com" }).answer(EXAMPLE);
    expect(told([record], "name", "outcome")).toEqual([{ name: "wWw.ExAmple.com", outcome: "answered" }]);
  });

  test("keeps its response code where there are no answers", () => {
    const { record } = new DnsScript().ask(EXAMPLE).answer({ ...EXAMPLE, flags: 0x8183, addresses: [] });
    expect(told([record], "rcode", "answers")).toEqual([{ rcode: "NXDOMAIN", answers: [] }]);
  });

  test("of A and of AAAA with one port and identifier are two", () => {
    const { records } = new DnsScript()
      .ask(EXAMPLE)
      .ask({ ...EXAMPLE, type: 28 })
      .answer({ ...EXAMPLE, type: 28, addresses: [] });
    expect(told(records, "type", "outcome")).toEqual([
      { type: "A", outcome: "unanswered" },
      { type: "AAAA", outcome: "answered" },
    ]);
  });

  test("without an answer is pending until five seconds after its last query", () => {
    const script = new DnsScript().ask(EXAMPLE).at(5000).ask(EXAMPLE);
    script.time.endedNs = 9.999e9;
    expect(script.record.pendingAtEnd).toBe(true);
    script.time.endedNs = 10e9;
    expect(script.record.pendingAtEnd).toBe(false);
    expect(told([script.record], "outcome", "responseMs", "rcode", "answerPacket")).toEqual([
      { outcome: "unanswered", responseMs: null, rcode: null, answerPacket: null },
    ]);
  });

  test("is no longer pending when it was asked three times", () => {
    const script = new DnsScript().ask(EXAMPLE).at(1000).ask(EXAMPLE).at(2000).ask(EXAMPLE);
    script.time.endedNs = 2.1e9;
    expect(script.record.pendingAtEnd).toBe(false);
  });

  test("cut by the capture keeps what is there", () => {
    const script = new DnsScript()
      .ask({ ...EXAMPLE, captured: 20 })
      .answer({ ...EXAMPLE, captured: 40 })
      .answer({ name: "other", captured: 40 });
    expect(told(script.records, "name", "outcome", "cutByCapture", "rcode")).toEqual([
      { name: "www.…", outcome: "answered", cutByCapture: true, rcode: "NOERROR" },
      { name: "other", outcome: "unsolicited", cutByCapture: true, rcode: "NOERROR" },
    ]);
  });
});

describe("a retry", () => {
  test("with the same port and identifier belongs to its question, and the answer counts from the first query", () => {
    const { record } = new DnsScript().ask(EXAMPLE).at(5005).ask(EXAMPLE).at(5006).answer(EXAMPLE).answer(EXAMPLE);
    expect(told([record], "retries", "responseMs", "queryPackets", "answerPacket")).toEqual([
      { retries: 1, responseMs: 5006, queryPackets: [0, 1], answerPacket: 2 },
    ]);
  });

  test("with another port and identifier belongs to it too, and either may be answered", () => {
    const retry = { ...EXAMPLE, id: 2, flow: 1 };
    const late = { ...EXAMPLE, id: 3, flow: 2 };
    const { record } = new DnsScript()
      .ask(EXAMPLE)
      .at(1000)
      .ask(retry)
      .at(3000)
      .ask(late)
      .at(3010)
      .answer(retry)
      .answer(EXAMPLE);
    expect(told([record], "flow", "retries", "responseMs", "queryPackets", "answerPacket")).toEqual([
      { flow: 0, retries: 2, responseMs: 3010, queryPackets: [0, 1, 2], answerPacket: 3 },
    ]);
  });

  test("is not the same question asked by two programs at once, by another VM address, or after half a minute", () => {
    expect(
      new DnsScript()
        .ask(EXAMPLE)
        .at(499)
        .ask({ ...EXAMPLE, flow: 1 }).records,
    ).toHaveLength(2);
    expect(
      new DnsScript()
        .ask(EXAMPLE)
        .at(1000)
        .ask({ ...EXAMPLE, flow: 4 }).records,
    ).toHaveLength(2);
    expect(
      new DnsScript()
        .ask(EXAMPLE)
        .at(30_001)
        .ask({ ...EXAMPLE, flow: 1 }).records,
    ).toHaveLength(2);
    expect(new DnsScript().ask(EXAMPLE).at(30_001).ask(EXAMPLE).records).toHaveLength(2);
  });

  test("is not the same question asked again after its answer", () => {
    const { records } = new DnsScript().ask(EXAMPLE).answer(EXAMPLE).at(1000).ask(EXAMPLE).answer(EXAMPLE);
    expect(told(records, "outcome", "retries")).toEqual([
      { outcome: "answered", retries: 0 },
      { outcome: "answered", retries: 0 },
    ]);
  });
});

test("a question whose tries were all answered says so, with one port and identifier or with others", () => {
  const same = new DnsScript().ask(EXAMPLE).at(5000).ask(EXAMPLE).at(5200).answer(EXAMPLE);
  expect(told(same.records, "answeredAgain")).toEqual([{ answeredAgain: false }]);
  expect(told(same.answer(EXAMPLE).records, "answeredAgain")).toEqual([{ answeredAgain: true }]);
  const other = { ...EXAMPLE, id: 9, flow: 1 };
  const both = new DnsScript().ask(EXAMPLE).at(5000).ask(other).at(5200).answer(EXAMPLE).answer(other);
  expect(told(both.records, "answeredAgain", "retries")).toEqual([{ answeredAgain: true, retries: 1 }]);
});

describe("an answer that does not fit", () => {
  test("comes to a port that asked something else", () => {
    const script = new DnsScript().ask(EXAMPLE).answer({ name: "evil.example.com" });
    expect(script.transactions.mismatches).toEqual([
      { packet: 1, flow: 0, reason: "other-question", name: "evil.example.com", relatedPacket: 0 },
    ]);
    expect(told(script.records, "name", "outcome")).toEqual([
      { name: "www.example.com", outcome: "unanswered" },
      { name: "evil.example.com", outcome: "unsolicited" },
    ]);
  });

  test("comes with another identifier", () => {
    const script = new DnsScript().ask(EXAMPLE).answer({ ...EXAMPLE, id: 77 });
    expect(script.transactions.mismatches).toEqual([
      { packet: 1, flow: 0, reason: "other-id", name: "www.example.com", relatedPacket: 0 },
    ]);
  });

  test("to another port than any query's is told", () => {
    const script = new DnsScript().ask(EXAMPLE).answer({ ...EXAMPLE, flow: 1 });
    expect(script.transactions.mismatches).toEqual([
      { packet: 1, flow: 1, reason: "no-query", name: "www.example.com", relatedPacket: 0 },
    ]);
  });

  test("says something else than the first did", () => {
    const script = new DnsScript()
      .ask(EXAMPLE)
      .answer(EXAMPLE)
      .answer({ ...EXAMPLE, addresses: [66] });
    expect(script.transactions.mismatches).toEqual([
      { packet: 2, flow: 0, reason: "different-second-answer", name: "www.example.com", relatedPacket: 1 },
    ]);
    expect(script.record.answers).toMatchObject([{ data: "10.0.0.1" }]);
  });

  test("is not the same answer again, in another order and with less time to live", () => {
    const script = new DnsScript()
      .ask(EXAMPLE)
      .answer({ ...EXAMPLE, addresses: [1, 2] })
      .answer({ ...EXAMPLE, addresses: [2, 1], ttlSeconds: 5 });
    expect(script.transactions.mismatches).toEqual([]);
    expect(script.records).toHaveLength(1);
  });

  test("is not one to a query from before the capture, but is later", () => {
    const early = new DnsScript().ask({ name: "a" }).at(1000).answer({ name: "b", flow: 1 });
    expect(early.transactions.mismatches).toEqual([]);
    expect(told(early.records, "outcome", "askedNs", "responseMs", "queryPackets")).toEqual([
      { outcome: "unanswered", askedNs: 0, responseMs: null, queryPackets: [0] },
      { outcome: "unsolicited", askedNs: 1e9, responseMs: null, queryPackets: [] },
    ]);
    const late = new DnsScript().ask({ name: "a" }).at(40_000).answer({ name: "b", flow: 1 });
    expect(late.transactions.mismatches).toMatchObject([{ reason: "no-query", relatedPacket: null }]);
  });
});

test("a payload to the port that is no DNS, as traceroute and nc send, is no question", () => {
  const script = new DnsScript();
  const bytes = Uint8Array.from({ length: 32 }, (_, index) => 0x40 + index);
  script.transactions.message(0, false, true, 0, 0, new DataView(bytes.buffer), 0, bytes.length, true);
  expect(script.records).toEqual([]);
  expect(script.transactions.notDecoded).toBe(1);
});

describe("an answer that was recorded before its query", () => {
  test("is its answer, whichever of them has the earlier time", () => {
    for (const [answeredMs, askedMs, responseMs] of [
      [40_000, 40_001, 0],
      [40_003, 40_000, 3],
    ] as const) {
      const script = new DnsScript()
        .ask({ name: "a" })
        .at(answeredMs)
        .answer({ ...EXAMPLE, flow: 1 });
      script.at(askedMs).ask({ ...EXAMPLE, flow: 1 });
      expect(told(script.records, "outcome", "responseMs", "queryPackets")[1]).toEqual({
        outcome: "answered",
        responseMs,
        queryPackets: [2],
      });
      expect(script.transactions.mismatches).toEqual([]);
    }
  });

  test("is not one of another identifier or question, nor one that came long before", () => {
    for (const query of [{ ...EXAMPLE, id: 7 }, { name: "other.example.com" }]) {
      const outcomes = told(new DnsScript().answer(EXAMPLE).at(1).ask(query).records, "outcome");
      expect(outcomes).toEqual([{ outcome: "unsolicited" }, { outcome: "unanswered" }]);
    }
    const later = new DnsScript().answer(EXAMPLE).at(60).ask(EXAMPLE);
    expect(told(later.records, "outcome")).toEqual([{ outcome: "unsolicited" }, { outcome: "unanswered" }]);
  });
});

describe("over TCP", () => {
  test("a truncated answer leads to the transaction that asks again", () => {
    const script = new DnsScript()
      .ask(EXAMPLE)
      .answer({ ...EXAMPLE, flags: 0x8380, addresses: [] })
      .at(10)
      .stream(true, [{ ...EXAMPLE, id: 5 }])
      .stream(false, [{ ...EXAMPLE, id: 5, addresses: [1, 2, 3] }]);
    expect(told(script.records, "id", "transport", "truncated", "tcpFallback", "retries")).toEqual([
      { id: 0, transport: "udp", truncated: true, tcpFallback: 1, retries: 0 },
      { id: 1, transport: "tcp", truncated: false, tcpFallback: null, retries: 0 },
    ]);
    expect(script.records[1]?.answers).toHaveLength(3);
  });

  test("messages are found however the stream is cut into pieces", () => {
    const asked = [EXAMPLE, { name: "b.example.com", id: 2 }, { name: "c", id: 3 }];
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 12 }), (to, from) => {
        const { records } = new DnsScript()
          .stream(true, asked, to)
          .at(3)
          .stream(false, [...asked].reverse(), from);
        expect(told(records, "name", "outcome", "responseMs")).toEqual(
          asked.map(({ name }) => ({ name, outcome: "answered", responseMs: 3 })),
        );
      }),
    );
  });

  test("a message with a hole keeps what is there, and the next one is found behind it", () => {
    const script = new DnsScript().stream(true, [EXAMPLE]);
    const bytes = 2 + 12 + 17 + 4 + 17 + 14; // length, header, question, record
    script.streams.stream(
      3,
      false,
      1,
      1e6,
      new DataView(new Uint8Array([0, bytes - 2, 0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]).buffer),
      0,
      14,
    );
    script.streams.gap(3, false, 1, 1e6, bytes - 20);
    script.streams.stream(3, false, 2, 2e6, new DataView(new ArrayBuffer(6)), 0, 6);
    expect(told(script.records, "outcome", "cutByCapture", "rcode", "answers")).toEqual([
      { outcome: "answered", cutByCapture: true, rcode: "NOERROR", answers: [] },
    ]);
    script.stream(true, [{ name: "b", id: 2 }]).stream(false, [{ name: "b", id: 2 }]);
    expect(told(script.records, "outcome")).toEqual([{ outcome: "answered" }, { outcome: "answered" }]);
  });

  test("a stream that is no DNS gives nothing, and nothing breaks", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 80 }), fc.nat(200))), (pieces) => {
        const script = new DnsScript();
        for (const [toPlatform, bytes, gap] of pieces) {
          script.streams.stream(3, toPlatform, 0, 0, new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length);
          if (gap > 100) script.streams.gap(3, toPlatform, 0, 0, gap);
        }
        for (const record of script.records) expect(record.name.length).toBeGreaterThan(0);
      }),
    );
  });
});

test("only what is out of the ordinary is notable", () => {
  const script = new DnsScript()
    .ask(EXAMPLE)
    .answer(EXAMPLE)
    .ask({ name: "slow" })
    .at(101)
    .answer({ name: "slow" })
    .ask({ name: "gone", flow: 1 })
    .answer({ name: "gone", flow: 1, flags: 0x8183 })
    .ask({ name: "lost", flow: 2 });
  expect(told(script.rows.notable(), "name")).toEqual([{ name: "slow" }, { name: "gone" }, { name: "lost" }]);
});

test("in a live session the oldest transactions are forgotten, answered or not", () => {
  const script = new DnsScript(2, "wrap");
  for (let id = 1; id <= 5; id++) script.ask({ name: `n${id}`, id }).at(id * 1000);
  expect(told(script.records, "name")).toEqual([{ name: "n4" }, { name: "n5" }]);
  script.answer({ name: "n1", id: 1 }).answer({ name: "n5", id: 5 });
  expect(told(script.records, "name", "outcome")).toEqual([
    { name: "n5", outcome: "answered" },
    { name: "n1", outcome: "unsolicited" },
  ]);
});

test("a released flow's transactions are told no more, and its row may carry another flow", () => {
  const script = new DnsScript()
    .ask(EXAMPLE)
    .at(1000)
    .ask({ ...EXAMPLE, id: 9 });
  script.transactions.released(0);
  expect(script.records).toEqual([]);
  script.ask(EXAMPLE).answer(EXAMPLE);
  expect(told(script.records, "outcome", "retries")).toEqual([{ outcome: "answered", retries: 0 }]);
});

test("any messages in any order are each one transaction, one retry, one answer or one that does not fit", () => {
  const message = fc.record({
    query: fc.boolean(),
    name: fc.constantFrom("a", "A", "b.c", ""),
    id: fc.nat(2),
    flow: fc.nat(2),
    type: fc.constantFrom(1, 28),
    gapMs: fc.constantFrom(0, 1, 600, 31_000),
    captured: fc.option(fc.nat(60), { nil: 1000 }),
  });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 60 }), fc.constantFrom(3, 1000), (messages, maxTransactions) => {
      const script = new DnsScript(maxTransactions, "wrap");
      for (const { query, gapMs, ...rest } of messages) {
        script.at(script.atMs + gapMs);
        if (query) script.ask(rest);
        else script.answer(rest);
      }
      for (const record of script.records) {
        expect(record.queryPackets).toHaveLength(record.outcome === "unsolicited" ? 0 : record.retries + 1);
        expect(record.responseMs ?? 0).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
