import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openCapture } from "../../src/capture/merge.ts";
import { SCREEN_FILES } from "../../src/cli/screen-files.ts";
import type { FromWorker } from "../../src/view/capture-messages.ts";
import { CaptureReading } from "../../src/view/capture-reading.ts";
import { analyzeFiles, DEFAULT_OPTIONS } from "../support/analyze.ts";

const INCIDENT = "captures/incident-mixed.pcapng";
const folder = mkdtempSync(join(tmpdir(), "vipscope-view-"));
afterAll(() => rmSync(folder, { recursive: true }));

function readingOf(names: readonly string[], blockBytes?: number): { reading: CaptureReading; told: FromWorker[] } {
  const told: FromWorker[] = [];
  const reading = new CaptureReading(
    (options) => openCapture(names, blockBytes === undefined ? options : { ...options, blockBytes }),
    DEFAULT_OPTIONS,
    SCREEN_FILES,
    (message) => told.push(message),
  );
  return { reading, told };
}

async function read(...names: string[]): Promise<{ reading: CaptureReading; told: FromWorker[] }> {
  const one = readingOf(names);
  await one.reading.read();
  return one;
}

describe("captures that were read", () => {
  test("tell what the report tells", async () => {
    const { reading } = await read(INCIDENT);
    const { report } = await analyzeFiles([INCIDENT]);
    const overview = await reading.answer("overview", null);
    const { flows, dns, dhcp, http, probes, ...rest } = report;
    expect(overview.report).toEqual(rest);
    expect(overview.counts).toEqual({
      flows: flows.length,
      dns: dns.transactions.length,
      dhcp: dhcp.exchanges.length,
      http: http.exchanges.length,
      probes: probes.length,
    });
  });

  test("tell the attempts of each service over time, and all platform packets", async () => {
    const { reading } = await read(INCIDENT);
    const { report, activity, platformPackets } = await reading.answer("overview", null);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
    const counted = report.services.filter(({ service }) => activity[service] !== undefined);
    expect(counted.length).toBeGreaterThan(1);
    for (const { service, succeeded, failed } of counted) {
      expect([sum(activity[service]?.succeeded ?? []), sum(activity[service]?.failed ?? [])]).toEqual([
        succeeded,
        failed,
      ]);
    }
    expect(sum(platformPackets.packets)).toBe(report.capture.platformPackets);
  });

  test("tell how far reading came, to its end", async () => {
    const { told } = await read(INCIDENT);
    expect(told.map(({ kind }) => kind).filter((kind) => kind !== "progress")).toEqual(["opened", "done"]);
    const done = told.find(({ kind }) => kind === "done");
    expect(done).toMatchObject({ faulty: false, progress: { state: "done" } });
  });

  test("are read again with the platform address that a lease names", async () => {
    const { reading } = await read("captures/classic.pcap");
    const { report } = await reading.answer("overview", null);
    const { report: expected } = await analyzeFiles(["captures/classic.pcap"]);
    expect(report.platform).toEqual(expected.platform);
  });

  test("tell what a flow carried beside its packets", async () => {
    const { reading } = await read("captures/healthy-boot.pcapng");
    const { report } = await analyzeFiles(["captures/healthy-boot.pcapng"]);
    for (const service of ["dns", "dhcp", "wireserver"] as const) {
      const flow = report.flows.find((one) => one.service === service);
      const detail = await reading.answer("flow", flow?.id ?? -1);
      expect(detail?.flow).toEqual(flow);
      expect(detail?.packets.length).toBe((flow?.packets.toPlatform ?? 0) + (flow?.packets.fromPlatform ?? 0));
      expect(detail?.[service === "wireserver" ? "http" : service].length).toBeGreaterThan(0);
    }
    expect(await reading.answer("flow", 1e6)).toBeNull();
  });

  test("give a packet whole, with its layers", async () => {
    const { reading } = await read("captures/healthy-boot.pcapng");
    const { report } = await analyzeFiles(["captures/healthy-boot.pcapng"]);
    const packet = report.dhcp.exchanges[0]?.messages[0]?.packet ?? { source: 0, frame: 0 };
    const detail = await reading.answer("packet", packet);
    expect(detail?.bytes.length).toBe(detail?.wireBytes);
    expect(detail?.layers.filter((line) => !line.startsWith(" "))).toEqual([
      `Link EN10MB, ${detail?.wireBytes} bytes on the wire`,
      `IPv4, ${(detail?.wireBytes ?? 0) - 14} bytes`,
      "UDP 68 to 67",
      "DHCP DISCOVER",
    ]);
    expect(await reading.answer("packet", { source: 9, frame: 1 })).toBeNull();
    expect(await reading.answer("packetLines", [packet, { source: 9, frame: 1 }])).toMatchObject([{ packet }, null]);
  });

  test("are exported as the command writes them", async () => {
    const { reading } = await read(INCIDENT);
    const path = join(folder, "report.json");
    await reading.answer("exportReport", { path, format: "json" });
    expect(readFileSync(path, "utf8")).toBe((await analyzeFiles([INCIDENT])).json);
    await expect(reading.answer("exportReport", { path: `${folder}/no/x`, format: "text" })).rejects.toThrow(
      "its directory does not exist",
    );
  });

  test("are written as packets that read the same", async () => {
    const { reading } = await read(INCIDENT);
    const path = join(folder, "packets.pcapng");
    await reading.answer("writePackets", path);
    const { report } = await analyzeFiles([INCIDENT]);
    const { report: again } = await analyzeFiles([path]);
    expect(again.anomalies.map(({ rule, count }) => [rule, count])).toEqual(
      report.anomalies.map(({ rule, count }) => [rule, count]),
    );
  });
});

describe("captures that cannot be read", () => {
  test("say why, and what to do", async () => {
    const { told } = await read("captures/README.md");
    expect(told).toMatchObject([
      { kind: "failed", failure: { code: "foreign-format" }, progress: { state: "failed" } },
    ]);
  });
});

describe("while captures are read", () => {
  test("questions are answered from what was read so far", async () => {
    const { reading } = readingOf([INCIDENT], 1 << 12);
    const whole = reading.read();
    const during = await reading.answer("overview", null);
    await whole;
    const after = await reading.answer("overview", null);
    expect(during.counts.flows).toBeLessThan(after.counts.flows);
    expect(during.revision).toBeLessThan(after.revision);
  });
});
