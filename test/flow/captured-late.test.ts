/** Captures of several queues, CPUs or interfaces, which hold a packet a moment behind those that answer it. */
import { describe, expect, test } from "vitest";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { LATE_CAPTURE_NS } from "../../src/flow/pending-holes.ts";
import { MAX_EARLY_SEGMENTS } from "../../src/limits.ts";
import type { Report } from "../../src/report/report.ts";
import { analyzeBytes } from "../support/analyze.ts";
import { Conversation, capturedLate } from "../support/conversation.ts";
import { dnsBytes } from "../support/dns.ts";
import { captureOf, type TimedPacket, trackPackets } from "../support/segments.ts";

const { ack, psh, rst, syn } = TcpFlag;
const POLL = "GET /machine/?comp=goalstate HTTP/1.1\r\nHost: 168.63.129.16\r\n\r\n";
const PROBE = "GET /healthz HTTP/1.1\r\nHost: 10.0.0.4:8080\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";

const http = (): Conversation => new Conversation(true, 50_000, 80).open().ask(POLL).answer(OK).close();

/** Ordinary conversations, of which any packet may come late: what they were must not change. */
const CONVERSATIONS: Readonly<Record<string, Conversation>> = {
  "a request": http(),
  "a request whose answer acknowledges it": new Conversation(true, 50_000, 80)
    .open()
    .send(true, psh | ack, POLL)
    .send(false, psh | ack, OK)
    .close(),
  "several requests of one connection, an answer in two pieces": new Conversation(true, 50_000, 32_526)
    .open()
    .ask(POLL)
    .answer(OK)
    .wait(10)
    .ask(POLL)
    .send(false, ack, OK.slice(0, 30))
    .answer(OK.slice(30))
    .close(),
  "a request whose client closes with RST": new Conversation(true, 50_000, 80)
    .open()
    .ask(POLL)
    .answer(OK)
    .send(true, rst | ack),
  "a TCP probe": new Conversation(false, 443, 50_000).open().wait(5000).close(),
  "an HTTP probe": new Conversation(false, 8080, 50_000).open().ask(PROBE).answer(OK).close(),
  "an HTTP probe whose answer acknowledges it": new Conversation(false, 8080, 50_000)
    .open()
    .send(false, psh | ack, PROBE)
    .send(true, psh | ack, OK)
    .close(),
  "a question over TCP": new Conversation(true, 50_000, 53).open().ask(dns(0x0100)).answer(dns(0x8180)).close(),
  "a connection that is refused": new Conversation(true, 50_000, 80).send(true, syn).send(false, rst | ack),
  "a probe that is refused": new Conversation(false, 443, 50_000).send(false, syn).send(true, rst | ack),
};

function dns(flags: number): Uint8Array {
  const message = dnsBytes({ flags, questions: [{ name: "a.example", type: 1 }] });
  return Uint8Array.from([message.length >> 8, message.length & 0xff, ...message]);
}

/** Each packet in turn behind the next one or two, where they are within a millisecond. */
function swaps(packets: readonly TimedPacket[]): { name: string; late: TimedPacket[] }[] {
  return packets.flatMap((packet, place) =>
    [1, 2].flatMap((by) => {
      const last = packets[place + by];
      if (last === undefined || last.atNs - packet.atNs > 1e6) return [];
      return [false, true].map((byClock) => ({
        name: `packet ${place + 1} behind ${by} more${byClock ? ", by the clock too" : ""}`,
        late: capturedLate(packets, place, by, byClock),
      }));
    }),
  );
}

/** What must not depend on the order of the file. */
function told({ flows, http: { exchanges }, dns: { transactions }, probes, services, anomalies }: Report): unknown {
  return {
    anomalies: anomalies.map(({ rule, summary }) => [rule, summary]),
    flows: flows.map(({ initiator, payloadBytes, tcp }) => {
      const { outcome, ending, connState, lostSegments } = tcp ?? {};
      return { initiator, payloadBytes, outcome, ending, connState, lostSegments };
    }),
    exchanges: exchanges.map(({ method, target, status, requestBytes, responseBytes }) => [
      method,
      target,
      status,
      requestBytes,
      responseBytes,
    ]),
    transactions: transactions.map(({ name, outcome, rcode }) => [name, outcome, rcode]),
    probes: probes.map(({ kind, path, succeeded, failed, lastOutcome }) => [
      kind,
      path,
      succeeded,
      failed,
      lastOutcome,
    ]),
    services: services.map(({ service, verdict, succeeded, failed }) => [service, verdict, succeeded, failed]),
  };
}

/** All times that were measured. */
function times({ flows, http: { exchanges }, dns: { transactions } }: Report): number[] {
  const measured = [
    ...flows.flatMap(({ durationMs, tcp }) => [
      durationMs,
      tcp?.handshakeMs,
      tcp?.roundTripMs?.min,
      tcp?.roundTripMs?.max,
    ]),
    ...exchanges.map(({ responseMs }) => responseMs),
    ...transactions.map(({ responseMs }) => responseMs),
  ];
  return measured.filter((ms) => ms !== null && ms !== undefined);
}

async function reportOf(packets: readonly TimedPacket[]): Promise<Report> {
  return (await analyzeBytes(captureOf(packets))).report;
}

describe.each(Object.entries(CONVERSATIONS))("%s", (_name, { packets }) => {
  test.each(swaps(packets))("is the same with $name", async ({ late }) => {
    const [right, report] = [await reportOf(packets), await reportOf(late)];
    expect(told(report)).toEqual(told(right));
    const longestMs = Math.max(...times(right)) + 1;
    expect(times(report).filter((ms) => ms < 0 || ms > longestMs)).toEqual([]);
  });
});

/** Twenty requests of one service, each of which is captured behind its ACK. */
function lateRequests(): TimedPacket[] {
  return Array.from({ length: 20 }, (_, index) => {
    const { packets } = new Conversation(true, 50_000 + index, 80, index * 1000).open().ask(POLL).answer(OK).close();
    return capturedLate(packets, 3, 1, true);
  }).flat();
}

test("data behind its ACK is neither lost nor sent again, though tshark's marks stay", async () => {
  const report = await reportOf(lateRequests());
  expect(report.anomalies).toEqual([]);
  expect(report.flows.map(({ tcp }) => tcp?.retransmissions.toPlatform)).toEqual(Array(20).fill(1));
  expect(report.http.exchanges.map(({ status }) => status)).toEqual(Array(20).fill(200));
});

describe("data that comes after its ACK", () => {
  /** The request stands at `lateNs` after its ACK, which comes 0.1 ms after it should. */
  const delayed = (lateNs: number): TimedPacket[] => {
    const { packets } = new Conversation(true, 50_000, 80).open().ask(POLL).wait(50).answer(OK).close();
    const [, , , request, acknowledgment] = packets;
    if (request === undefined || acknowledgment === undefined) throw new Error("no request");
    return [
      ...packets.slice(0, 3),
      acknowledgment,
      { ...request, atNs: acknowledgment.atNs + lateNs },
      ...packets.slice(5),
    ];
  };

  test("within the bound was captured late", async () => {
    const report = await reportOf(delayed(LATE_CAPTURE_NS));
    expect(report.anomalies).toEqual([]);
    expect(report.flows[0]?.tcp?.lostSegments).toEqual({ toPlatform: 0, fromPlatform: 0 });
  });

  test("behind the bound was sent again, and the capture lost its first copy", async () => {
    const report = await reportOf(delayed(LATE_CAPTURE_NS + 1000));
    expect(report.anomalies.map(({ rule, count }) => [rule, count])).toEqual([["capture-dropped-packets", 1]]);
    expect(report.flows[0]?.tcp?.lostSegments).toEqual({ toPlatform: POLL.length, fromPlatform: 0 });
  });
});

test("of a capture that lost data in one place and has it late in others, the one place is told", async () => {
  const { packets } = new Conversation(true, 51_000, 80, 20_000).open().ask(POLL).answer(OK).close();
  const report = await reportOf([...lateRequests(), ...packets.slice(0, 3), ...packets.slice(4)]);
  expect(report.anomalies.map(({ rule, count, packets: shown }) => [rule, count, shown])).toEqual([
    ["capture-dropped-packets", 1, [{ source: 0, frame: 204 }]],
  ]);
});

test("two pieces behind the ACK of both are both there, and of one that is not the loss is told", async () => {
  const [a, b, c, first, second, acknowledgment, ...rest] = new Conversation(true, 50_000, 80)
    .open()
    .send(true, ack, POLL.slice(0, 20))
    .ask(POLL.slice(20))
    .answer(OK)
    .close().packets;
  const both = [a, b, c, acknowledgment, first, second, ...rest].filter((packet) => packet !== undefined);
  expect((await reportOf(both)).anomalies).toEqual([]);
  const one = [a, b, c, acknowledgment, second, ...rest].filter((packet) => packet !== undefined);
  const report = await reportOf(one);
  expect(report.flows[0]?.tcp?.lostSegments).toEqual({ toPlatform: 20, fromPlatform: 0 });
  expect(report.anomalies.map(({ rule }) => rule)).toEqual(["capture-dropped-packets"]);
});

describe("a stream", () => {
  const texts = (packets: readonly TimedPacket[]): string[] =>
    trackPackets(packets).listener.told.flatMap(({ what, text, bytes, how, toPlatform }) =>
      what === "opened" ? [] : [`${toPlatform ? "vm" : "platform"} ${text ?? bytes ?? how}`],
    );

  test("is told in the order in which it was sent", () => {
    const { packets } = new Conversation(true, 50_000, 80)
      .open()
      .send(true, psh | ack, "ask")
      .send(false, psh | ack, "answer")
      .send(true, rst | ack);
    const [a, b, c, ask, answer, reset] = packets;
    const reversed = [a, b, c, reset, answer, ask].filter((packet) => packet !== undefined);
    expect(texts(reversed)).toEqual(["vm ask", "platform answer", "vm reset", "platform reset"]);
  });

  test("has a gap where what was acknowledged does not come, also when too many wait", () => {
    const lossy = Array.from({ length: MAX_EARLY_SEGMENTS + 2 }, (_, index) =>
      new Conversation(true, 40_000 + index, 80)
        .open()
        .ask("ask")
        .packets.filter((_packet, place) => place !== 3),
    ).flat();
    expect(texts(lossy).filter((text) => text === "vm 3")).toHaveLength(MAX_EARLY_SEGMENTS + 2);
  });
});
