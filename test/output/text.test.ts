import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { widthOf } from "../../src/bytes/text-columns.ts";
import { writeText } from "../../src/output/text.ts";
import type { PacketLines } from "../../src/report/packet-line.ts";
import { reportOf } from "../support/report.ts";
import { outputOf } from "../support/text-sink.ts";

const LINES: PacketLines = {
  line: (packet) => ({
    packet,
    at: "2026-01-02T03:04:05.123456Z",
    toPlatform: packet.frame !== 7,
    from: packet.frame === 7 ? "168.63.129.16:80" : "10.0.0.4:50312",
    to: packet.frame === 7 ? "10.0.0.4:50312" : "168.63.129.16:80",
    summary: "SYN seq 0 win 64240 mss 1418",
  }),
  ofFlow: () => [],
};

describe("the text report", () => {
  test("begins with the answer in one line", async () => {
    const { capture } = reportOf();
    const [first] = (await outputOf(writeText, reportOf({ capture: { ...capture, problems: [] } }))).split("\n");
    expect(first).toBe("FAILING: WireServer is failing: Connection attempts get no answer.");
  });

  test("says in the answer that a capture which was cut could be read only in part", async () => {
    const text = await outputOf(writeText, reportOf());
    expect(text.split("\n\n")[0]).toBe(
      "FAILING: WireServer is failing: Connection attempts get no answer; the capture could be read only in\npart.",
    );
  });

  test("names ten of many files and problems, and what kinds the others are", async () => {
    const report = reportOf();
    const { sources, problems } = report.capture;
    report.capture.sources = Array.from({ length: 3000 }, () => sources).flat();
    report.capture.problems = Array.from({ length: 3000 }, () => problems).flat();
    const text = await outputOf(writeText, report);
    expect(text).toContain("  and 2,990 more files: --format json names them all\n");
    expect(text).toContain("  and 2,990 more problems (cut-record): --format json tells them all\n");
    expect(text.split("\n").length).toBeLessThan(120);
  });

  test("tells of a live session how it was captured and when not", async () => {
    const report = reportOf();
    const gap = { fromAt: "2026-01-02T03:04:06.000000Z", toAt: null, reason: "interface-gone" };
    const live = { backend: "cap", clock: "arrival", gaps: [gap] } as const;
    report.capture.sources = report.capture.sources.map((one) => ({
      ...one,
      name: "eth1",
      live: { ...live, gaps: [gap] },
    }));
    const text = await outputOf(writeText, report);
    expect(text).toContain("  NIC         eth1 (live by cap, arrival clock, ");
    expect(text).toContain("  No capture  eth1, 03:04:06.000000 to the end: the interface was gone\n");
  });

  test("quotes the evidence with the VM on the left and an arrow for the direction", async () => {
    const text = await outputOf(writeText, reportOf(), { packets: LINES });
    expect(text).toContain(
      "    Packets   #6  03:04:05.123456  10.0.0.4:50312 → 168.63.129.16:80  SYN seq 0 win 64240 mss 1418\n",
    );
    expect(text).toContain(
      "              #7  03:04:05.123456  10.0.0.4:50312 ← 168.63.129.16:80  SYN seq 0 win 64240 mss 1418\n",
    );
  });

  test("fits 100 columns, however long a name is", async () => {
    const report = reportOf();
    const [dns] = report.dns.transactions;
    if (dns === undefined) throw new Error("the report has a transaction");
    const long = `${"長い名前".repeat(30)}.${"x".repeat(120)}`;
    report.dns.transactions = [{ ...dns, name: long, answers: [{ name: long, type: "A", ttlSeconds: 1, data: long }] }];
    report.anomalies = report.anomalies.map((one) => ({
      ...one,
      summary: `${long} ${one.summary}`,
      displayFilter: long,
    }));
    const text = await outputOf(writeText, report, { packets: LINES });
    expect(Math.max(...text.split("\n").map(widthOf))).toBeLessThanOrEqual(100);
  });

  test("has no escape sequence without colour", async () => {
    expect(await outputOf(writeText, reportOf(), { packets: LINES })).not.toContain("\u001b");
  });

  test("says the same words with colour", async () => {
    const plain = await outputOf(writeText, reportOf(), { packets: LINES });
    const coloured = await outputOf(writeText, reportOf(), { packets: LINES, colour: true });
    expect(coloured).not.toBe(plain);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });

  test("cannot be steered by text from packets", async () => {
    const report = reportOf();
    const hostile = "\u001b[2Jgone\r\n\u202eevil";
    report.http.exchanges = report.http.exchanges.map((one) => ({ ...one, target: hostile, operation: hostile }));
    report.capture.sources = report.capture.sources.map((one) => ({ ...one, name: hostile }));
    report.dns.transactions = report.dns.transactions.map((one) => ({ ...one, name: hostile, type: hostile }));
    const text = await outputOf(writeText, report);
    expect([..."\u001b\r\u202e"].filter((character) => text.includes(character))).toEqual([]);
  });

  test("says how many rows it leaves out", async () => {
    const report = reportOf();
    const [flow] = report.flows;
    if (flow === undefined) throw new Error("the report has a flow");
    report.flows = Array.from({ length: 1234 }, (_, id) => ({ ...flow, id }));
    const text = await outputOf(writeText, report);
    expect(text).toContain("and 1,214 more: --format json holds them all");
  });

  test("says what the bounds left out", async () => {
    const limits = { flowsDropped: 3, bytesNotReassembled: 5000, packetsNotDecoded: 1 };
    const text = await outputOf(writeText, reportOf({ limits }));
    expect(text).toContain("3 flows not kept, 5,000 bytes of streams not put together, 1 packet not decoded");
  });

  test("leaves out sections about nothing", async () => {
    const text = await outputOf(writeText, reportOf({ dhcp: { exchanges: [] }, probes: [], anomalies: [] }));
    expect(text).not.toContain("DHCP\n");
    expect(text).not.toContain("Health probes\n");
    expect(text).not.toContain("What is wrong");
  });
});
