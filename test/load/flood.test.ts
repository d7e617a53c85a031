import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Lab } from "../../captures/lab/lab.mjs";
import { MAX_HELD_CAPTURE_BYTES } from "../../src/limits.ts";
import { BACKENDS, startLive } from "../support/live-session.ts";
import { hasNamespaces, hasTool } from "../support/tools.ts";

const PACKETS_PER_SECOND = 100_000;
const SECONDS = 20;
const PACKETS = PACKETS_PER_SECOND * SECONDS;
/** Large packets: three times as much as is held for an analyser that stands still. */
const LARGE_BYTES = 1400;
const LARGE_PER_SECOND = 50_000;
const LARGE_SECONDS = 3;
/** A port of the platform that nothing listens on; its packets are dropped on arrival there. */
const PORT = 9999;

describe.skipIf(!hasNamespaces() || !hasTool("gcc"))("a flood to the platform", () => {
  const lab = new Lab(0, {});
  const flood = join(lab.directory, "flood");

  beforeAll(async () => {
    execFileSync("gcc", ["-O2", "-o", flood, "test/load/flood.c"]);
    lab.open();
    await lab.run("platform", "nft", "add", "table", "netdev", "flood");
    const hook = "{ type filter hook ingress device pe0 priority 0; policy accept; }";
    await lab.run("platform", "nft", `add chain netdev flood in ${hook}`);
    await lab.run("platform", "nft", `add rule netdev flood in udp dport ${PORT} drop`);
  });

  afterAll(() => lab.close());

  test.each(BACKENDS)(
    "%s, 100,000 small packets a second: loses at most what tcpdump loses beside it and 0.1 %, and tells what was lost",
    async (backend) => {
      const session = await startLive(lab, "--backend", backend, "-i", "eth0");
      const filter = ["udp", "port", String(PORT)];
      const tcpdump = lab.start("vm", "tcpdump", "-Z", "root", "-i", "eth0", "-n", "-w", "/dev/null", ...filter);
      await tcpdump.said("listening on");
      const words = [lab.platformAddress, PORT, PACKETS_PER_SECOND, SECONDS, 18].map(String);
      const { status, output } = await lab.run("vm", flood, ...words);
      expect(status).toBe(0);
      await session.until("counters", ({ platformPackets }) => platformPackets > 0, 20_000);
      await lab.sleep(1.5);
      const { errors } = await tcpdump.stop("SIGTERM");
      const lostBeside = PACKETS - Number(/(\d+) packets captured/.exec(errors)?.[1] ?? 0);
      const { report } = await session.stop();
      const lost = PACKETS - report.capture.platformPackets;
      const dropped = report.capture.sources[0]?.interfaces[0]?.droppedPackets;
      const told = `sent in ${output.trim()} s, lost ${lost}, told ${dropped}, tcpdump beside lost ${lostBeside}`;
      expect(lost, told).toBeLessThanOrEqual(lostBeside + PACKETS / 1000);
      // A few ARP packets may be among what was dropped.
      if (backend === "cap") expect(dropped).toBeNull();
      else expect(Math.abs((dropped ?? -1) - lost), told).toBeLessThanOrEqual(10);
      expect(report.flows).toHaveLength(1);
    },
    120_000,
  );

  test.each(BACKENDS)(
    "%s: an analyser that stands still while more comes than is held for it: the report names the gap and counts what was lost",
    async (backend) => {
      const session = await startLive(lab, "--backend", backend, "-i", "eth0");
      process.kill(session.pid, "SIGSTOP");
      const stoppedMs = Date.now();
      const words = [lab.platformAddress, PORT, LARGE_PER_SECOND, LARGE_SECONDS, LARGE_BYTES].map(String);
      const { status } = await lab.run("vm", flood, ...words);
      expect(status).toBe(0);
      const continuedMs = Date.now();
      process.kill(session.pid, "SIGCONT");
      await session.until("interface-back", ({ reason }) => reason === "backend-stalled", 30_000);
      await lab.run("vm", "ping", "-c", "1", "-W", "1", lab.platformAddress);
      await session.until("flow-opened", ({ flow }) => flow.protocol === "icmp", 20_000);
      const { report } = await session.stop();
      expect(session.all("warning").map(({ code }) => code)).toContain("analyser-stalled");
      const [source] = report.capture.sources;
      const gaps = source?.live?.gaps ?? [];
      // What the kernel kept meanwhile may fill the hold once more when the analyser goes on: that is another gap.
      expect(new Set(gaps.map(({ reason }) => reason))).toEqual(new Set(["backend-stalled"]));
      const fromMs = Date.parse(gaps[0]?.fromAt ?? "");
      expect(fromMs).toBeGreaterThan(stoppedMs);
      expect(fromMs).toBeLessThan(continuedMs);
      for (const { fromAt, toAt } of gaps) expect(Date.parse(toAt ?? "")).toBeGreaterThan(Date.parse(fromAt));
      const udp = report.flows.find(({ protocol }) => protocol === "udp");
      const captured = udp?.packets.toPlatform ?? 0;
      expect(captured * LARGE_BYTES).toBeGreaterThan(MAX_HELD_CAPTURE_BYTES * 0.9);
      const lost = LARGE_PER_SECOND * LARGE_SECONDS - captured;
      const dropped = source?.interfaces[0]?.droppedPackets;
      if (backend === "cap") expect(dropped).toBeNull();
      else expect(Math.abs((dropped ?? -1) - lost), `lost ${lost}, told ${dropped}`).toBeLessThanOrEqual(10);
    },
    60_000,
  );
});
