/** Captures that were cut to a snap length: what lies inside the cut is read as from the whole packets. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { DnsTransaction, Flow, HttpExchange, Report } from "../../src/report/report.ts";
import { analyzeBytes, analyzeFiles } from "../support/analyze.ts";
import { CAPTURES } from "../support/captures.ts";
import { snappedPcap } from "../support/pcap-writer.ts";
import { hasTool } from "../support/tools.ts";

const folder = mkdtempSync(join(tmpdir(), "vipscope-snap-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Ethernet or cooked header (20), IPv4 (20) and TCP with all its options (60). */
const ALL_HEADERS_BYTES = 100;

/** Their headers alone are longer than the shortest cut: IPv6 and TCP, and what an ICMP error quotes. */
const LONG_HEADERS: readonly string[] = ["icmp-errors", "probes-ipv6", "wireserver-rejected-icmp"];

/** In the classic deployment the platform's address stands in an option that the cut takes away: here it is given. */
const OPTIONS = { platformAddresses: ["168.63.129.16", "fe80::1234:5678:9abc", "100.115.176.3"] };

/** Whether all headers that a capture has lie inside the cut. */
function holdsHeaders(bytes: number, path: string): boolean {
  return bytes > ALL_HEADERS_BYTES || !LONG_HEADERS.some((name) => path.includes(name));
}

/** By editcap, every capture. */
const CUTS: readonly (readonly [number, string])[] = [64, 192].flatMap((bytes) =>
  CAPTURES.filter((path) => holdsHeaders(bytes, path)).map((path) => [bytes, path] as const),
);

/** Cut here, which is cheap: captures take turns with what lies between and beyond. */
const BETWEEN = [80, 96, 112, 128, 160, 256];
const MORE_CUTS = CAPTURES.filter((path) => path.endsWith(".pcap"))
  .map((path, index) => [BETWEEN[index % BETWEEN.length] ?? 0, path] as const)
  .filter(([bytes, path]) => holdsHeaders(bytes, path));

function snapped(path: string, bytes: number): string {
  const target = join(folder, `${bytes}-${path.replace(/^.*\//, "").replace(/\.gz$/, "")}`);
  const format = path.endsWith(".pcapng") ? "pcapng" : path.includes("nanosecond") ? "nsecpcap" : "pcap";
  try {
    execFileSync("editcap", ["-F", format, "-s", String(bytes), path, target], { stdio: "ignore" });
  } catch {
    // It ends with an error after the whole records of a capture that is cut itself.
  }
  return target;
}

/**
 * What headers tell of flows. DHCP is told apart by what stands deep in its messages, so that flows may be more when these are cut. What
 * options tell is left out where they may be cut away, and so are anomalies, which a cut silences.
 */
function headerFacts(flows: readonly Flow[], allHeaders: boolean): unknown[] {
  return flows.filter(({ service }) => service !== "dhcp").map((flow) => factsOf(flow, allHeaders));
}

function factsOf({ id: _id, anomalies: _anomalies, tcp, ...flow }: Flow, allHeaders: boolean): unknown {
  if (tcp === null || allHeaders) return { ...flow, tcp };
  const { maxSegmentSize: _size, windowScale: _scale, zeroWindows: _windows, ...counted } = tcp;
  return { ...flow, tcp: counted };
}

/** A text of a cut packet is that of the whole one, or its beginning. */
function agrees(cut: string | null, whole: string | null): boolean {
  return cut === null || cut === whole || (cut.endsWith("…") && (whole ?? "").startsWith(cut.slice(0, -1)));
}

function questionAgrees(cut: DnsTransaction, whole: readonly DnsTransaction[]): boolean {
  return whole.some(
    (one) =>
      one.id === cut.id &&
      one.askedAt === cut.askedAt &&
      agrees(cut.name.replace(/\.…$/, "…"), one.name) &&
      (cut.rcode === null || cut.rcode === one.rcode) &&
      cut.outcome === one.outcome,
  );
}

/** An answer whose request the cut hides stands alone, on packets of the whole exchange. */
function packetsAgree(cut: HttpExchange, whole: HttpExchange): boolean {
  return cut.packets.every(({ frame }) => whole.packets.some((packet) => packet.frame === frame));
}

function exchangeAgrees(cut: HttpExchange, whole: readonly HttpExchange[]): boolean {
  return whole.some(
    (one) =>
      (cut.requestedAt === null ? packetsAgree(cut, one) : one.requestedAt === cut.requestedAt) &&
      agrees(cut.method, one.method) &&
      agrees(cut.target, one.target) &&
      (cut.status === null || cut.status === one.status),
  );
}

const wholes = new Map<string, Promise<{ report: Report }>>();

function wholeReport(path: string): Promise<{ report: Report }> {
  const known = wholes.get(path) ?? analyzeFiles([path], OPTIONS);
  wholes.set(path, known);
  return known;
}

function expectSame(cut: Report, whole: Report, bytes: number): void {
  const allHeaders = bytes >= ALL_HEADERS_BYTES;
  expect(headerFacts(cut.flows, allHeaders)).toEqual(headerFacts(whole.flows, allHeaders));
  expect(cut.dns.transactions.filter((one) => !questionAgrees(one, whole.dns.transactions))).toEqual([]);
  expect(cut.http.exchanges.filter((one) => !exchangeAgrees(one, whole.http.exchanges))).toEqual([]);
}

describe.skipIf(!hasTool("editcap"))("cut to a snap length", () => {
  test.each(CUTS)("of %i bytes, %s tells the same", async (bytes, path) => {
    const { report: whole } = await wholeReport(path);
    const { report: cut } = await analyzeFiles([snapped(path, bytes)], OPTIONS);
    expectSame(cut, whole, bytes);
  });
});

describe("cut to lengths between", () => {
  test.each(MORE_CUTS)("of %i bytes, %s tells the same", async (bytes, path) => {
    const { report: whole } = await wholeReport(path);
    const file = snappedPcap(readFileSync(path), bytes);
    const { report: cut } = await analyzeBytes(file, file.length, "-", OPTIONS);
    expectSame(cut, whole, bytes);
  });
});
