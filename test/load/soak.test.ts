import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CLEARED_MS } from "../../src/live/anomaly-history.ts";
import { EventTeller } from "../../src/live/event-teller.ts";
import type { Report, ServiceSummary } from "../../src/report/report.ts";
import { fedChild, fedSession } from "../support/fed-session.ts";
import { pcapHeader, pcapRecord } from "../support/pcap-writer.ts";
import { readChunks } from "../support/read-capture.ts";
import { asCopy } from "../support/replay.ts";
import { vipscope } from "../support/vipscope.ts";

/** What a VM does for three minutes, again and again through a day: the agent polls, probes come every five seconds, names are looked up. */
const ROUND = [
  { capture: "captures/healthy-agent-minutes.pcapng", atSeconds: [0] },
  { capture: "captures/healthy-probes.pcap", atSeconds: [0, 60.7, 121.4] },
  { capture: "captures/dns-nxdomain-near-miss.pcap", atSeconds: [7, 27, 47, 67, 87, 107, 127, 147, 167] },
];
const ROUND_SECONDS = 182;
const HOUR_ROUNDS = Math.ceil(3600 / ROUND_SECONDS);
const DAY_ROUNDS = Math.ceil(86_400 / ROUND_SECONDS);
/** Once, early in the day, the resolver fails. */
const INCIDENT = "captures/dns-servfail.pcap";
const INCIDENT_ROUND = 4;
/** Longer than an anomaly without a new occurrence counts as one of now. */
const OVER_MS = CLEARED_MS + 60_000;
const STARTED_SECONDS = 1_800_000_000;

// A day's looks are the test's own: timers of the real clock would add some hundred, each a whole report.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a day in seconds: memory is that of its first hour, the counts are exact, and what was let go is told", async () => {
  const round = await recordsOfRound();
  const incident = await recordsOf(INCIDENT);
  const stream = new PassThrough({ highWaterMark: 1 << 20 });
  let clockMs = STARTED_SECONDS * 1000;
  stream.write(pcapHeader());
  const starter = { start: () => Promise.resolve(fedChild(stream)), close: () => {} };
  const session = fedSession(starter, () => clockMs);
  await session.start();
  const counts = new Map<string, number>();
  const teller = new EventTeller(
    session,
    ({ event }) => counts.set(event, (counts.get(event) ?? 0) + 1),
    60_000,
    () => clockMs,
  );
  teller.start();
  const sizes: Memory[] = [];
  let packets = 0;
  for (let number = 0; number < DAY_ROUNDS; number++) {
    clockMs = (STARTED_SECONDS + (number + 1) * ROUND_SECONDS) * 1000;
    const records = number === INCIDENT_ROUND ? [...round, ...incident] : round;
    packets += records.length;
    stream.write(roundAt(records, number));
    while (session.status().packets < packets) await turn();
    teller.look();
    session.tick();
    if ((number + 1) % HOUR_ROUNDS === 0) sizes.push(await memoryHeld());
  }
  clockMs += OVER_MS;
  teller.look();
  for (const change of ["raised", "updated", "cleared"]) expect(counts.get(`anomaly-${change}`)).toBeGreaterThan(0);
  stream.end();
  await session.stop("terminate");
  teller.end("terminate");
  const report = session.report();
  session.close();

  const expected = expectedOfDay();
  expect(report.capture.packets).toBe(packets);
  expect(report.services.map(countsOf)).toEqual(expected.services);
  expect(counts.get("flow-opened")).toBe(expected.flows);
  expect(counts.get("flow-closed")).toBe(expected.flows);
  expect(counts.get("http")).toBe(expected.http);
  expect(counts.get("dns")).toBe(expected.dns);
  expect(report.flows.length).toBeLessThan(expected.flows / 10);
  const letGo = report.capture.problems.find(({ code }) => code === "flows-let-go");
  expect(letGo?.count).toBe(expected.flows - report.flows.length);
  const past = report.anomalies.find(({ rule }) => rule === "dns-servfail");
  expect(past?.firstAt.slice(0, 16)).toBe(instantOfRound(INCIDENT_ROUND).slice(0, 16));

  const [afterFirstHour = NOTHING] = sizes;
  const atEnd = sizes.at(-1) ?? NOTHING;
  expect(atEnd.all, told(sizes)).toBeLessThan(afterFirstHour.all * 1.1);
  expect(atEnd.resident, told(sizes)).toBeLessThan(afterFirstHour.resident * 1.1);
}, 300_000);

interface Packet {
  atSeconds: number;
  bytes: Uint8Array;
  /** Which of a round's copies of its capture it belongs to. */
  copy: number;
}

async function recordsOfRound(): Promise<Packet[]> {
  const packets: Packet[] = [];
  for (const { capture, atSeconds } of ROUND) {
    const records = await recordsOf(capture);
    for (const [copy, fromSeconds] of atSeconds.entries())
      for (const record of records) packets.push({ ...record, atSeconds: record.atSeconds + fromSeconds, copy });
  }
  return packets.sort((a, b) => a.atSeconds - b.atSeconds);
}

async function recordsOf(path: string): Promise<Packet[]> {
  const { records } = await readChunks([readFileSync(path)]);
  return records.map(({ timeNs, bytes }) => ({ atSeconds: timeNs / 1e9, bytes: Uint8Array.from(bytes), copy: 0 }));
}

/** What all rounds, and the incident, count for by themselves. */
function expectedOfDay(): { flows: number; http: number; dns: number; services: ReturnType<typeof countsOf>[] } {
  const captures = ROUND.map(({ capture, atSeconds }) => ({ capture, times: atSeconds.length * DAY_ROUNDS }));
  const reports = [...captures, { capture: INCIDENT, times: 1 }].map(({ capture, times }) => {
    const report: Report = JSON.parse(vipscope(["read", capture, "--format", "json"]).stdout);
    return { report, times };
  });
  const sum = (countOf: (report: Report) => number): number =>
    reports.reduce((total, { report, times }) => total + times * countOf(report), 0);
  const names = reports[0]?.report.services.map(({ service }) => service) ?? [];
  return {
    flows: sum(({ flows }) => flows.length),
    http: sum(({ http }) => http.exchanges.length),
    dns: sum(({ dns }) => dns.transactions.length),
    services: names.map((service) => {
      const of = (field: "flows" | "succeeded" | "failed"): number =>
        sum(({ services }) => services.find((one) => one.service === service)?.[field] ?? 0);
      return { service, flows: of("flows"), succeeded: of("succeeded"), failed: of("failed") };
    }),
  };
}

function countsOf({
  service,
  flows,
  succeeded,
  failed,
}: ServiceSummary): Pick<ServiceSummary, "service" | "flows" | "succeeded" | "failed"> {
  return { service, flows, succeeded, failed };
}

function instantOfRound(number: number): string {
  return new Date((STARTED_SECONDS + number * ROUND_SECONDS) * 1000).toISOString();
}

/** The round as it would be at that time: its own client ports and sequence numbers, so that connections are new ones. */
function roundAt(packets: readonly Packet[], number: number): Uint8Array {
  const fromSeconds = STARTED_SECONDS + number * ROUND_SECONDS;
  return Buffer.concat(
    packets.map(({ atSeconds, bytes, copy }) => {
      const seconds = Math.floor(atSeconds);
      const fraction = Math.floor((atSeconds - seconds) * 1e6);
      return pcapRecord({ seconds: fromSeconds + seconds, fraction, bytes: asCopy(bytes, number * COPIES + copy) });
    }),
  );
}

/** More than any capture's copies in one round. */
const COPIES = 10;

/** Bytes of JavaScript's heap with what lies in buffers, and of all that the process has of the machine's memory. */
interface Memory {
  all: number;
  resident: number;
}

const NOTHING: Memory = { all: 0, resident: 0 };

/** After all that is garbage is gone. Buffers go later than what held them, and count twice while they are looked through: the least is what is held. */
async function memoryHeld(): Promise<Memory> {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  let all = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 4 && typeof collect === "function"; time++) {
    collect();
    await sleep(20);
    const { heapUsed, external } = process.memoryUsage();
    all = Math.min(all, heapUsed + external);
  }
  return { all, resident: process.memoryUsage().rss };
}

function told(sizes: readonly Memory[]): string {
  return sizes.map(({ all, resident }) => `${(all / 1e6).toFixed(1)}/${(resident / 1e6).toFixed(0)}`).join(" ");
}
