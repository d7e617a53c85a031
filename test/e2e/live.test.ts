import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import { hasNamespaces } from "../support/tools.ts";

const VM = `vipscope-live-vm-${process.pid}`;
const PLATFORM = `vipscope-live-platform-${process.pid}`;
const ADDRESS = "168.63.129.16";
const folder = mkdtempSync(join(tmpdir(), "vipscope-live-"));

const ip = (...words: string[]) => execFileSync("ip", words);
const inVm = (...words: string[]) => ["netns", "exec", VM, ...words];

/** A namespace for the VM and one for the platform, joined by one cable and with no route out. */
function makeNamespaces(): void {
  for (const name of [VM, PLATFORM]) ip("netns", "add", name);
  ip("link", "add", "eth0", "netns", VM, "type", "veth", "peer", "name", "eth0", "netns", PLATFORM);
  ip("-n", VM, "addr", "add", "10.9.0.4/24", "dev", "eth0");
  ip("-n", PLATFORM, "addr", "add", "10.9.0.1/24", "dev", "eth0");
  ip("-n", PLATFORM, "addr", "add", `${ADDRESS}/32`, "dev", "lo");
  for (const name of [VM, PLATFORM]) for (const device of ["lo", "eth0"]) ip("-n", name, "link", "set", device, "up");
  ip("-n", VM, "route", "add", "default", "via", "10.9.0.1");
}

/** Answers every request on port 80 of the platform; nothing listens on 32526. */
const SERVER = `require("node:http").createServer((_, answer) => answer.end("ok")).listen(80, "${ADDRESS}")`;

describe.skipIf(!hasNamespaces())("in namespaces", () => {
  let server: ReturnType<typeof spawn> | null = null;

  beforeAll(async () => {
    makeNamespaces();
    server = spawn("ip", ["netns", "exec", PLATFORM, process.execPath, "-e", SERVER], { stdio: "ignore" });
    await sleep(500);
  });

  afterAll(() => {
    server?.kill();
    for (const name of [VM, PLATFORM]) spawnSync("ip", ["netns", "del", name]);
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(["cap", "tcpdump", "dumpcap"])(
    "%s: a session tells what happens, and its recording reads as the session did",
    async (backend) => {
      const recording = join(folder, `${backend}.pcapng`);
      const session = spawn(
        "ip",
        inVm(
          process.execPath,
          "bin/vipscope.js",
          "live",
          "--backend",
          backend,
          "--format",
          "ndjson",
          "--write",
          recording,
          "--duration",
          "6s",
        ),
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      let told = "";
      session.stdout.on("data", (data) => {
        told += String(data);
      });
      const ended = new Promise<number | null>((resolve) => {
        session.on("close", resolve);
      });
      while (!told.includes("session-started")) await sleep(50);
      await sleep(500);
      spawnSync("ip", inVm("curl", "-s", "-m", "2", "-o", "/dev/null", `http://${ADDRESS}/?comp=versions`));
      spawnSync("ip", inVm("curl", "-s", "-m", "2", "-o", "/dev/null", `http://${ADDRESS}:32526/versions`));
      expect(await ended).toBe(1);
      const events: { event: string; reason?: string; anomaly?: { rule: string } }[] = told
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(events[0]?.event).toBe("session-started");
      expect(events.at(-1)).toMatchObject({ event: "session-ended", reason: "duration" });
      expect(events.filter(({ event }) => event === "anomaly-raised").map(({ anomaly }) => anomaly?.rule)).toEqual([
        "handshake-refused",
      ]);
      const read = spawnSync(process.execPath, ["bin/vipscope.js", "read", recording, "--format", "json"], {
        encoding: "utf8",
      });
      const report: Report = JSON.parse(read.stdout);
      expect(report.anomalies.map(({ rule }) => rule)).toEqual(["handshake-refused"]);
      expect(report.flows.map(({ service, tcp }) => [service, tcp?.outcome])).toEqual([
        ["wireserver", "established"],
        ["hostga-plugin", "refused"],
      ]);
      expect(report.http.exchanges).toMatchObject([{ operation: "versions", status: 200 }]);
      expect(readFileSync(recording, "latin1")).toContain("eth0");
    },
    30_000,
  );
});
