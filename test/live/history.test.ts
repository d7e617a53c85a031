import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { LIVE_LEAST_FLOWS } from "../../src/limits.ts";
import type { AnomalyChange } from "../../src/live/anomaly-history.ts";
import { EventTeller } from "../../src/live/event-teller.ts";
import type { Session } from "../../src/live/session.ts";
import type { LiveEvent } from "../../src/report/events.ts";
import type { Anomaly } from "../../src/report/report.ts";
import { fedChild, fedSession } from "../support/fed-session.ts";
import { pcapHeader, pcapRecord } from "../support/pcap-writer.ts";
import { readChunks } from "../support/read-capture.ts";
import { asCopy } from "../support/replay.ts";

const STARTED_SECONDS = 1_800_000_000;
const MINUTE = 60;
/** Of DNS over UDP in IPv4 in Ethernet. */
const IP_PROTOCOL_AT = 23;
const DNS_AT = 42;

/** A session whose minutes pass as the test lets them, with what was told of its anomalies. */
class Minutes {
  readonly session: Session;
  readonly told: string[] = [];
  readonly #stream = new PassThrough({ highWaterMark: 1 << 20 });
  #clockMs = STARTED_SECONDS * 1000;
  #packets = 0;
  #copies = 0;

  constructor() {
    this.#stream.write(pcapHeader());
    const starter = { start: () => Promise.resolve(fedChild(this.#stream)), close: () => {} };
    this.session = fedSession(starter, () => this.#clockMs);
    this.session.history.onChange = (change: AnomalyChange, { rule }: Anomaly) => this.told.push(`${rule} ${change}`);
  }

  /** All packets of a capture, from this minute on. */
  async play(capture: string, minute: number): Promise<void> {
    const { records } = await readChunks([readFileSync(`captures/${capture}`)]);
    const first = Math.floor((records[0]?.timeNs ?? 0) / 1e9);
    for (const { timeNs, bytes } of records) {
      const seconds = STARTED_SECONDS + minute * MINUTE + Math.floor(timeNs / 1e9) - first;
      this.#stream.write(
        pcapRecord({
          seconds,
          fraction: Math.floor((timeNs % 1e9) / 1000),
          bytes: asCopy(Uint8Array.from(bytes), this.#copies),
        }),
      );
    }
    this.#copies += 1;
    this.#packets += records.length;
    while (this.session.status().packets < this.#packets) await turn();
    this.pass(minute + ((records.at(-1)?.timeNs ?? 0) / 1e9 - first) / MINUTE);
  }

  /** It is this minute now. */
  pass(minute: number): void {
    this.#clockMs = (STARTED_SECONDS + minute * MINUTE) * 1000;
    this.session.touch();
    this.session.report();
    this.session.tick();
  }
}

const atMinute = (minute: number): string => new Date((STARTED_SECONDS + minute * MINUTE) * 1000).toISOString();

test("an anomaly that lasts longer than its evidence keeps its beginning and all that was counted", async () => {
  const minutes = new Minutes();
  await minutes.session.start();
  await minutes.play("dns-servfail.pcap", 0);
  const once = minutes.session.report().anomalies.find(({ rule }) => rule === "dns-servfail")?.count ?? 0;
  for (let minute = 1.5; minute < 150; minute += 1.5) await minutes.play("dns-servfail.pcap", minute);
  const { anomalies, dns } = minutes.session.report();
  const all = anomalies.filter(({ rule }) => rule === "dns-servfail");
  expect(all.map(({ count }) => count)).toEqual([100 * once]);
  expect(all[0]?.firstAt.slice(0, 17)).toBe(atMinute(0).slice(0, 17));
  expect(dns.transactions.length).toBe(LIVE_LEAST_FLOWS);
  expect(minutes.told.filter((one) => one === "dns-servfail raised")).toHaveLength(1);
  minutes.session.close();
});

test("an agent that stays silent is told as silent for as long as it is, whatever else comes, and afterwards as history", async () => {
  const minutes = new Minutes();
  await minutes.session.start();
  await minutes.play("healthy-agent-minutes.pcapng", 0);
  for (let minute = 4; minute < 100; minute += 1) await minutes.play("dns-nxdomain-near-miss.pcap", minute);
  const rules = (): string[] => minutes.session.report().anomalies.map(({ rule }) => rule);
  expect(rules()).toContain("heartbeat-stopped");
  expect(minutes.told.filter((one) => one.startsWith("heartbeat"))).not.toContain("heartbeat-stopped cleared");
  await minutes.play("healthy-agent-minutes.pcapng", 100);
  expect(minutes.told).toContain("heartbeat-stopped cleared");
  const stopped = minutes.session.report().anomalies.find(({ rule }) => rule === "heartbeat-stopped");
  expect(stopped?.summary).toMatch(/ and then nothing for [^.]*\. It was over at 2027-.*Z\.$/);
  minutes.session.close();
});

test("an answer that is read before its query, from another NIC, is told once: as the answer to it", async () => {
  const stream = new PassThrough({ highWaterMark: 1 << 20 });
  stream.write(pcapHeader());
  let clockMs = STARTED_SECONDS * 1000;
  const session = fedSession({ start: () => Promise.resolve(fedChild(stream)), close: () => {} }, () => clockMs);
  const told: LiveEvent[] = [];
  const teller = new EventTeller(
    session,
    (event) => told.push(event),
    60_000,
    () => clockMs,
  );
  const read = async (packets: number, bytes: Buffer = Buffer.of()): Promise<void> => {
    stream.write(pcapRecord({ seconds: STARTED_SECONDS, fraction: 0, bytes }));
    while (session.status().packets < packets) await turn();
    teller.look();
  };
  const outcomes = (): string[] => told.flatMap((one) => (one.event === "dns" ? [one.transaction.outcome] : []));
  const { records } = await readChunks([readFileSync("captures/dns-nxdomain-near-miss.pcap")]);
  const messages = records.map(({ bytes }) => Buffer.from(bytes)).filter((bytes) => bytes[IP_PROTOCOL_AT] === 17);
  const [query] = messages;
  const answer = messages.find((one) => one !== query && one.readUInt16BE(DNS_AT) === query?.readUInt16BE(DNS_AT));
  await session.start();
  await read(1, answer);
  expect(outcomes()).toEqual([]);
  await read(2, query);
  expect(outcomes()).toEqual(["answered"]);
  await read(3, answer);
  clockMs += 1100;
  teller.look();
  expect(outcomes()).toEqual(["answered"]);
  session.close();
});
