import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { CLEARED_MS } from "../../src/live/anomaly-history.ts";
import { EventTeller } from "../../src/live/event-teller.ts";
import { fedChild, fedSession } from "../support/fed-session.ts";
import { pcapHeader, pcapRecord } from "../support/pcap-writer.ts";
import { readChunks } from "../support/read-capture.ts";
import { vipscope } from "../support/vipscope.ts";

/** A healthy VM's agent for three minutes, again and again through a day. */
const CAPTURE = "captures/healthy-agent-minutes.pcapng";
const ROUND_SECONDS = 182;
const HOUR_ROUNDS = Math.ceil(3600 / ROUND_SECONDS);
const DAY_ROUNDS = Math.ceil(86_400 / ROUND_SECONDS);
/** Longer than an anomaly without a new occurrence counts as one of now. */
const OVER_MS = CLEARED_MS + 60_000;
/** Rounds between two looks at what happened. */
const LOOK_ROUNDS = 4;
const STARTED_SECONDS = 1_800_000_000;

test("a day in seconds: memory is bounded, the counts are exact, and what was let go is told", async () => {
  const round = await recordsOf(CAPTURE);
  const flows = JSON.parse(vipscope(["read", CAPTURE, "--format", "json"]).stdout).flows.length;
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
  for (let number = 0; number < DAY_ROUNDS; number++) {
    clockMs = (STARTED_SECONDS + (number + 1) * ROUND_SECONDS) * 1000;
    stream.write(roundAt(round, number));
    const packets = (number + 1) * round.records.length;
    while (session.status().packets < packets) await turn();
    if (number % LOOK_ROUNDS === 0) {
      session.tick();
      teller.look();
    }
    if ((number + 1) % HOUR_ROUNDS === 0) sizes.push(memoryHeld());
  }
  clockMs += OVER_MS;
  teller.look();
  expect(counts.get("anomaly-raised")).toBeGreaterThan(0);
  expect(counts.get("anomaly-updated")).toBeGreaterThan(0);
  expect(counts.get("anomaly-cleared")).toBeGreaterThan(0);
  stream.end();
  await session.stop("terminate");
  teller.end("terminate");
  const report = session.report();
  session.close();
  const total = flows * DAY_ROUNDS;
  expect(report.capture.packets).toBe(round.records.length * DAY_ROUNDS);
  expect(report.services.reduce((sum, service) => sum + (isOfFlows(service) ? service.flows : 0), 0)).toBe(total);
  expect(counts.get("flow-opened")).toBe(total);
  expect(counts.get("flow-closed")).toBe(total);
  expect(counts.get("http")).toBe(total);
  expect(report.flows.length).toBeLessThan(total / 10);
  const letGo = report.capture.problems.find(({ code }) => code === "flows-let-go");
  expect(letGo?.count).toBe(total - report.flows.length);
  const [afterFirstHour = { heap: 0, all: 0 }] = sizes;
  const afterHalf = sizes[Math.floor(sizes.length / 2)] ?? afterFirstHour;
  const atEnd = sizes.at(-1) ?? afterFirstHour;
  expect(atEnd.heap, told(sizes)).toBeLessThan(afterFirstHour.heap * 1.1);
  // Tables of packets and exchanges fill up to their bounds at first.
  expect(atEnd.all, told(sizes)).toBeLessThan(afterHalf.all * 1.1);
}, 120_000);

interface Round {
  records: { at: number; fraction: number; bytes: Uint8Array }[];
}

async function recordsOf(path: string): Promise<Round> {
  const { records } = await readChunks([readFileSync(path)]);
  return {
    records: records.map(({ timeNs, bytes }) => ({
      at: Math.floor(timeNs / 1e9),
      fraction: timeNs % 1e9,
      bytes: Uint8Array.from(bytes),
    })),
  };
}

/** The round as it would be at that time: its own client ports and sequence numbers, so that connections are new ones. */
function roundAt({ records }: Round, number: number): Uint8Array {
  const fromSeconds = STARTED_SECONDS + number * ROUND_SECONDS;
  return Buffer.concat(
    records.map(({ at, fraction, bytes }) =>
      pcapRecord({ seconds: fromSeconds + at, fraction: Math.floor(fraction / 1000), bytes: asOfRound(bytes, number) }),
    ),
  );
}

const TCP = 6;
const PROTOCOL_AT = 23;
const TCP_AT = 34;
const FIRST_CLIENT_PORT = 32_768;
/** Ports that one round moves on, and after how many rounds they begin anew: more than an hour. */
const ROUND_PORTS = 131;
const PORT_ROUNDS = 240;

function asOfRound(packet: Uint8Array, number: number): Uint8Array {
  const bytes = Uint8Array.from(packet);
  const view = new DataView(bytes.buffer);
  if (bytes[PROTOCOL_AT] !== TCP) return bytes;
  for (const at of [TCP_AT, TCP_AT + 2]) {
    const port = view.getUint16(at);
    if (port < FIRST_CLIENT_PORT) continue;
    const moved = port - FIRST_CLIENT_PORT + (number % PORT_ROUNDS) * ROUND_PORTS;
    view.setUint16(at, FIRST_CLIENT_PORT + (moved % (65_536 - FIRST_CLIENT_PORT)));
  }
  for (const at of [TCP_AT + 4, TCP_AT + 8]) view.setUint32(at, view.getUint32(at) + number * 100_003);
  return bytes;
}

/** Bytes of JavaScript's heap, and of that with what lies in buffers. */
interface Memory {
  heap: number;
  all: number;
}

function memoryHeld(): Memory {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, all: heapUsed + external };
}

function told(sizes: readonly Memory[]): string {
  return sizes.map(({ heap, all }) => `${(heap / 1e6).toFixed(1)}/${(all / 1e6).toFixed(1)}`).join(" ");
}

/** Heartbeats are requests that count for WireServer or HostGAPlugin too. */
function isOfFlows({ service }: { service: string }): boolean {
  return service !== "heartbeat";
}
