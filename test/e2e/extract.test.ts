import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import { hasTool } from "../support/tools.ts";
import { vipscopeHere as vipscope } from "../support/vipscope.ts";

const out = join(tmpdir(), `vipscope-extract-${process.pid}.pcapng`);

const reportOf = async (path: string): Promise<Report> =>
  JSON.parse((await vipscope("read", path, "--format", "json")).stdout);
const told = (report: Report) => report.anomalies.map(({ rule, count, summary }) => `${rule} ${count} ${summary}`);
const captures = readdirSync("captures").filter((name) => /\.pcap(ng)?(\.gz|\.zst)?$/.test(name));

afterAll(() => rmSync(out, { force: true }));

/** Rules about the records that an extract leaves out or puts right. */
const ABOUT_THE_FILE = /^capture-/;

test.each(captures)("the extract of %s has the same anomalies", async (name) => {
  const path = join("captures", name);
  expect((await vipscope("extract", path, "-o", out)).status).not.toBe(2);
  const own = (report: Report) => told(report).filter((line) => !ABOUT_THE_FILE.test(line));
  expect(own(await reportOf(out))).toEqual(own(await reportOf(path)));
});

describe.skipIf(!hasTool("tshark"))("as tshark sees it", () => {
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

/** What the lab plants, in clear text, wherever the agents of the platform have secrets. */
const PLANTED = /sig=[A-Za-z0-9%]|FAKE[A-Z]/;

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
