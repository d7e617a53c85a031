import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import { CAPTURES, captureName } from "../support/captures.ts";
import { ethernet, ipv4, udp } from "../support/packet-bytes.ts";
import { pcapFile } from "../support/pcap-writer.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { hasTool } from "../support/tools.ts";
import { vipscopeHere as vipscope } from "../support/vipscope.ts";

const scratch = scratchDirectory();
const out = join(scratch.path, "extract.pcapng");

const reportOf = async (path: string): Promise<Report> =>
  JSON.parse((await vipscope("read", path, "--format", "json")).stdout);
const told = (report: Report) => report.anomalies.map(({ rule, count, summary }) => `${rule} ${count} ${summary}`);

/** Rules about the records that an extract leaves out or puts right. */
const ABOUT_THE_FILE = /^capture-/;
/** What the lab plants, in clear text, wherever the agents of the platform have secrets. */
const PLANTED = /sig=[A-Za-z0-9%]|FAKE/;

/** For each capture: its extract, the packets that were written to it, and those that its anomalies name. */
const extracts: { path: string; written: number; evidence: number }[] = [];

test.each(CAPTURES)("the extract of %s has the same anomalies, and redacted no planted secret", async (path) => {
  const extract = join(scratch.path, `${captureName(path)}.pcapng`);
  const { status, stderr } = await vipscope("extract", path, "-o", extract);
  expect(status).not.toBe(2);
  const report = await reportOf(path);
  const own = (one: Report) => told(one).filter((line) => !ABOUT_THE_FILE.test(line));
  expect(own(await reportOf(extract))).toEqual(own(report));
  await vipscope("extract", path, "-o", out, "--redact");
  expect(readFileSync(out, "latin1")).not.toMatch(PLANTED);
  const named = report.anomalies.filter(({ rule }) => !ABOUT_THE_FILE.test(rule)).flatMap(({ packets }) => packets);
  const evidence = new Set(named.map(({ source, frame }) => `${source} ${frame}`)).size;
  extracts.push({ path: extract, written: Number.parseInt(stderr, 10), evidence });
});

describe.skipIf(!hasTool("tshark"))("as Wireshark's tools see it", () => {
  test("every extract is sound, and holds as many packets as were said to be written", () => {
    const paths = extracts.map(({ path }) => path);
    const table = execFileSync("capinfos", ["-T", "-M", "-r", "-c", ...paths], { encoding: "utf8" });
    const counts = table
      .trim()
      .split("\n")
      .map((line) => line.split("\t"));
    expect(counts).toEqual(extracts.map(({ path, written }) => [path, String(written)]));
  });

  test("editcap reads every extract to its end without a complaint", () => {
    const complaints = extracts.flatMap(({ path }) => {
      const { status, stderr } = spawnSync("editcap", [path, out], { encoding: "utf8" });
      return status === 0 && stderr === "" ? [] : [`${path}: ${status} ${stderr}`];
    });
    expect(complaints).toEqual([]);
  });

  test("every evidence packet of every extract carries a comment", () => {
    const merged = join(scratch.path, "merged.pcapng");
    execFileSync("mergecap", ["-a", "-w", merged, ...extracts.map(({ path }) => path)]);
    const query = ["-r", merged, "-Y", "frame.comment", "-T", "fields", "-e", "frame.number"];
    const shown = execFileSync("tshark", query, { encoding: "utf8", maxBuffer: 1 << 28 });
    const evidence = extracts.reduce((sum, one) => sum + one.evidence, 0);
    expect(shown.trim().split("\n").length).toBeGreaterThanOrEqual(evidence);
  });

  test("each evidence packet carries its anomaly as a comment", async () => {
    await vipscope("extract", "captures/incident-mixed.pcapng", "-o", out);
    const shown = execFileSync(
      "tshark",
      ["-r", out, "-Y", 'frame.comment contains "handshake-unanswered"', "-T", "fields", "-e", "tcp.dstport"],
      {
        encoding: "utf8",
      },
    );
    const { anomalies } = await reportOf("captures/incident-mixed.pcapng");
    const evidence = anomalies.find((one) => one.rule === "handshake-unanswered");
    expect(shown.trim().split("\n")).toEqual(evidence?.packets.map(() => "32526"));
  });

  test("the checksums of a redacted file are right wherever the packet is whole", async () => {
    await vipscope("extract", "captures/healthy-boot.pcapng", "-o", out, "--redact");
    const checks = ["ip", "tcp", "udp"].flatMap((one) => ["-o", `${one}.check_checksum:TRUE`]);
    const bad = "ip.checksum.status == Bad || tcp.checksum.status == Bad || udp.checksum.status == Bad";
    expect(execFileSync("tshark", ["-r", out, ...checks, "-Y", bad], { encoding: "utf8" })).toBe("");
  });
});

test.each(["--redact", "--anonymize"])("%s leaves none of the planted secrets", async (flag) => {
  const path = "captures/healthy-boot.pcapng";
  expect(readFileSync(path, "latin1")).toMatch(PLANTED);
  await vipscope("extract", path, "-o", out, flag);
  expect(readFileSync(out, "latin1")).not.toMatch(PLANTED);
});

test("an anonymized file shows no address, MAC or host name of the VM, and the same anomalies", async () => {
  const path = "captures/incident-mixed.pcapng";
  await vipscope("extract", path, "-o", out, "--anonymize");
  const before = await reportOf(path);
  const after = await reportOf(out);
  const names = (report: Report) =>
    JSON.stringify([report.platform.nics, report.dhcp, report.dns.transactions.map((one) => one.name)]);
  for (const nic of before.platform.nics) {
    for (const secret of [nic.mac, ...nic.addresses]) expect(names(after)).not.toContain(secret);
  }
  expect(after.anomalies.map(({ rule, count }) => `${rule} ${count}`)).toEqual(
    before.anomalies.map(({ rule, count }) => `${rule} ${count}`),
  );
});

test("--flow takes the packets of that flow alone", async () => {
  const path = "captures/incident-mixed.pcapng";
  const flow = (await reportOf(path)).flows[4];
  await vipscope("extract", path, "-o", out, "--flow", "4");
  expect((await reportOf(out)).flows).toMatchObject([{ vm: { port: flow?.vm.port }, packets: flow?.packets }]);
});

test("a flow that is not there is refused in one line, and nothing is written", async () => {
  rmSync(out, { force: true });
  const { status, stderr } = await vipscope("extract", "captures/dhcp-acquire.pcap", "-o", out, "--flow", "99");
  expect([status, stderr.split("\n")[0]]).toEqual([2, "vipscope: there is no flow 99"]);
});

test("of a compressed file, which is not read twice, no packet is lost that a file would give", () => {
  const packet = ethernet(ipv4(udp(new Uint8Array(120), { destinationPort: 53 })));
  const many = Array.from({ length: 150_000 }, (_, at) => ({ seconds: at >> 8, fraction: at & 0xff, bytes: packet }));
  const path = scratch.write("many.pcap.gz", gzipSync(pcapFile(many), { level: 1 }));
  const { status, stderr } = spawnSync("node", ["bin/vipscope.js", "extract", path, "-o", out], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, `150000 packets written to ${out}\n`]);
});

test("choices add up: --rule takes an anomaly's flows, --service a service's", async () => {
  const path = "captures/incident-mixed.pcapng";
  const { flows, anomalies } = await reportOf(path);
  const blocked = anomalies.find((one) => one.rule === "handshake-unanswered")?.flows ?? [];
  const dhcp = flows.filter((flow) => flow.service === "dhcp").map((flow) => flow.id);
  await vipscope("extract", path, "-o", out, "--rule", "handshake-unanswered", "--service", "dhcp");
  expect((await reportOf(out)).flows.map((flow) => flow.startedAt)).toEqual(
    [...blocked, ...dhcp].sort((one, other) => one - other).map((id) => flows[id]?.startedAt),
  );
});

test("--around takes what was sent within its seconds of the chosen packets, and nothing else", async () => {
  const path = "captures/incident-mixed.pcapng";
  const { flows } = await reportOf(path);
  const chosen = flows[40];
  if (chosen === undefined) throw new Error("the capture has more than 40 flows");
  await vipscope("extract", path, "-o", out, "--flow", "40", "--around", "2");
  const { capture } = await reportOf(out);
  const within = 2000;
  expect(Date.parse(capture.startedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(chosen.startedAt) - within);
  expect(Date.parse(capture.endedAt ?? "")).toBeLessThanOrEqual(Date.parse(chosen.endedAt) + within);
  expect(capture.packets).toBeGreaterThan(chosen.packets.toPlatform + chosen.packets.fromPlatform);
});
