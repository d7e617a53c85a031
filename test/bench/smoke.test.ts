/** The benchmark on small inputs: it works, and its inputs hold what they are said to hold. Its times mean nothing here. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyzeFiles } from "../support/analyze.ts";
import { hasTool } from "../support/tools.ts";

const FOLDER = "bench-inputs/smoke";
const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/bench.mjs", "--smoke"], { encoding: "utf8" });

test("runs every group to its end", () => {
  expect({ status, stderr: stderr.replaceAll(/^making .*\n/gm, "") }).toEqual({ status: 0, stderr: "" });
  expect([...stdout.matchAll(/^## ([\w-]+)/gm)].map((match) => match[1])).toEqual([
    "mixed",
    "platform",
    "start",
    "many-files",
    "growing-packets",
    "growing-flows",
    "floods",
  ]);
});

test.skipIf(!["tcpdump", "tshark", "tcptrace"].every((name) => hasTool(name)))("measures every program", () => {
  expect(stdout).not.toContain("not measured");
});

test.each(["mixed.pcap", "platform.pcap", "ten.pcap", "many"])("%s holds what is said of it", async (name) => {
  const { holds } = JSON.parse(readFileSync(`${FOLDER}/${name}.json`, "utf8"));
  const { report } = await analyzeFiles([`${FOLDER}/${name}`]);
  expect({
    files: report.capture.sources.length,
    packets: report.capture.packets,
    platformPackets: report.capture.platformPackets,
    connections: report.http.exchanges.filter((exchange) => exchange.status === 200).length,
    lookups: report.dns.transactions.filter((transaction) => transaction.rcode === "NOERROR").length,
    anomalies: report.anomalies,
  }).toEqual({
    files: holds.files,
    packets: holds.packets,
    platformPackets: holds.platformPackets,
    connections: holds.connections,
    lookups: holds.lookups,
    anomalies: [],
  });
});
