import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Lab } from "../../captures/lab/lab.mjs";
import type { Report } from "../../src/report/report.ts";
import { ask, BACKENDS, type LiveSession, startLive } from "../support/live-session.ts";
import { hasNamespaces } from "../support/tools.ts";
import { vipscope } from "../support/vipscope.ts";

/** Debian's user without rights. */
const NOBODY = 65_534;

describe.skipIf(!hasNamespaces())("a session", () => {
  const lab = new Lab(0, { nics: 2 });
  const mounts: string[] = [];

  beforeAll(async () => {
    lab.open();
    await lab.wireServer();
    await lab.dnsmasq();
  }, 60_000);

  afterAll(() => {
    for (const mount of mounts) spawnSync("umount", ["-l", mount]);
    lab.close();
  });

  const folder = (name: string): string => {
    const path = join(lab.directory, name);
    mkdirSync(path);
    return path;
  };

  /** Sessions of all backends beside each other, each with words of its own. */
  const startEach = (wordsOf: (backend: string) => string[]): Promise<{ backend: string; session: LiveSession }[]> =>
    Promise.all(
      BACKENDS.map(async (backend) => ({
        backend,
        session: await startLive(lab, "--backend", backend, ...wordsOf(backend)),
      })),
    );

  const filesIn = (name: string): string[] =>
    readdirSync(join(lab.directory, name))
      .sort()
      .map((file) => join(lab.directory, name, file));

  test.each(BACKENDS)(
    "%s: watches within a second or two, and names the wrong NIC within a second of its first packet",
    async (backend) => {
      const startedMs = Date.now();
      const recording = join(folder(`wrong-nic-${backend}`), "a.pcapng");
      const session = await startLive(lab, "--backend", backend, "--write", recording);
      const startMs = Date.now() - startedMs;
      // A second on a quiet machine; tests run beside this one.
      expect(startMs).toBeLessThan(5000);
      expect(session.all("session-started")[0]?.interfaces.map(({ name, primary }) => [name, primary])).toEqual([
        ["eth0", true],
        ["eth1", false],
      ]);
      await lab.shell(`ip route replace ${lab.platformAddress}/32 via 10.1.1.1 dev eth1`);
      await ask(lab, "/?comp=versions");
      const raised = await session.until("anomaly-raised", ({ anomaly }) => anomaly.rule === "non-primary-nic-source");
      await lab.shell(`ip route replace ${lab.platformAddress}/32 via 10.1.0.1 dev eth0`);
      expect(Date.parse(raised.at) - Date.parse(raised.anomaly.firstAt)).toBeLessThan(1000);
      const { status, report } = await session.stop();
      expect(status).toBe(1);
      expect(report.anomalies.map(({ rule }) => rule)).toContain("non-primary-nic-source");
      expect(report.capture.sources.map(({ name }) => name)).toEqual(["eth0", "eth1"]);
      // The recording tells what the host knew.
      const again = read(recording);
      expect(again.platform.primaryNic).toMatchObject({ interface: "eth0", origin: "host" });
      expect(again.anomalies.map(({ rule }) => rule)).toContain("non-primary-nic-source");
    },
    40_000,
  );

  test("SIGHUP and size begin the next file; old ones go; all that is kept reads as one", async () => {
    const words = ["--rotate-size", "4000", "--keep", "3", "-i", "eth0"];
    const sessions = await startEach((backend) => [
      "--write",
      join(folder(`rotated-${backend}`), "a.pcapng"),
      ...words,
    ]);
    for (let number = 0; number < 12; number++) await ask(lab, `/machine/${number}`);
    await Promise.all(
      sessions.map(async ({ backend, session }) => {
        await session.until("http", ({ exchange }) => exchange.target === "/machine/11");
        await until(() => filesIn(`rotated-${backend}`).length === 3);
        const before = filesIn(`rotated-${backend}`);
        process.kill(session.pid, "SIGHUP");
        await until(() => filesIn(`rotated-${backend}`).at(-1) !== before.at(-1));
        await session.stop();
        const files = filesIn(`rotated-${backend}`);
        expect(files).toHaveLength(3);
        expect(files[0]).toMatch(/\/a_0000\d_\d{14}\.pcapng$/);
        expect(files[0]).not.toMatch(/00001/);
        for (const file of files) execFileSync("tshark", ["-r", file, "-q"], { stdio: ["ignore", "ignore", "pipe"] });
        expect(read(...files).http.exchanges.map(({ target }) => target)).toContain("/machine/11");
      }),
    );
  }, 90_000);

  test("after a time the next file begins, and --max-disk bounds them all", async () => {
    const words = ["--rotate-time", "1s", "--max-disk", "9000", "--rotate-size", "3000", "-i", "eth0"];
    const sessions = await startEach((backend) => ["--write", join(folder(`timed-${backend}`), "a.pcapng"), ...words]);
    const asked = Array.from({ length: 15 }, (_, number) => `/machine/${number}`);
    for (const target of asked) {
      await ask(lab, target);
      await sleep(150);
    }
    for (const { backend, report } of await stopEach(sessions)) {
      const sizes = filesIn(`timed-${backend}`).map((file) => statSync(file).size);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(9000);
      expect(sizes.length).toBeGreaterThan(1);
      expect([backend, report.http.exchanges.map(({ target }) => target)]).toEqual([backend, asked]);
    }
  }, 90_000);

  test("a full disk ends the recording with a warning, and nothing else; what it holds can be read", async () => {
    const sessions = await startEach((backend) => {
      const mount = folder(`full-${backend}`);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", mount]);
      mounts.push(mount);
      return ["--write", join(mount, "a.pcapng"), "-i", "eth0"];
    });
    const body = lab.file("body", "x".repeat(60_000));
    await ask(lab, "/machine/before");
    for (let number = 0; number < 4; number++) await ask(lab, `/machine/${number}`, "--data-binary", `@${body}`);
    for (const { session } of sessions) {
      const warning = await session.until("warning", ({ code }) => code === "recording-stopped");
      expect(warning.message).toContain("the disk is full");
    }
    await ask(lab, "/machine/after");
    for (const { session } of sessions)
      await session.until("http", ({ exchange }) => exchange.target === "/machine/after");
    for (const { backend, report } of await stopEach(sessions)) {
      expect(report.http.exchanges).toHaveLength(6);
      expect(report.capture.sources[0]?.live?.gaps).toEqual([]);
      expect(read(...filesIn(`full-${backend}`)).http.exchanges[0]?.target).toBe("/machine/before");
    }
  }, 90_000);

  test.each([
    ["SIGTERM", "terminate", []],
    ["SIGINT", "interrupt", []],
    [null, "duration", ["--duration", "1500ms"]],
    [null, "packets", ["--packets", "3"]],
  ] as const)("%s ends it as %s, with the report and the exit status of read", async (signal, reason, words) => {
    const sessions = await startEach(() => ["-i", "eth0", ...words]);
    await ask(lab, "/?comp=versions");
    if (signal !== null) for (const { session } of sessions) await session.until("http");
    for (const { session, status, report } of await stopEach(sessions, signal)) {
      expect(session.all("session-ended")).toMatchObject([{ reason }]);
      expect(report.capture.packets).toBeGreaterThanOrEqual(3);
      expect(status).toBe(report.anomalies.some(({ severity }) => severity !== "notice") ? 1 : 0);
    }
  });

  test("a NIC that appears is picked up", async () => {
    const session = await startLive(lab);
    await lab.shell("ip link add new0 type veth peer name new1; ip link set new0 up; ip link set new1 up");
    await session.until("interface-back", (event) => event.interface === "new0" && event.reason === "new");
    await lab.shell("ip link del new0");
    await session.until("interface-lost", (event) => event.interface === "new0" && event.reason === "interface-gone");
    const { report } = await session.stop();
    expect(report.capture.sources.map(({ name }) => name).sort()).toEqual(["eth0", "eth1", "new0", "new1"]);
  }, 30_000);

  test.each(BACKENDS)(
    "%s without the right to capture: one message names setcap on its program, and sudo",
    async (backend) => {
      const program = backend === "cap" ? "$(readlink -f $(command -v node))" : `/usr/bin/${backend}`;
      const as = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
      const command = [process.execPath, "bin/vipscope.js", "live", "--backend", backend, "-i", "eth0"];
      const { status, errors } = await lab.run("vm", ...as, ...command);
      expect(status).toBe(2);
      expect(errors).toContain(`not permitted to capture with ${backend}`);
      expect(errors).toContain("Run it with sudo");
      expect(errors).toContain(`sudo setcap cap_net_raw,cap_net_admin=eip ${program}`);
    },
  );
});

describe.skipIf(!hasNamespaces())("a classic deployment", () => {
  const lab = new Lab(1, { platformAddress: "100.115.176.3" });

  afterAll(() => lab.close());

  test.each(BACKENDS)(
    "%s: an address of option 245 widens the filter, and no packet is lost or counted twice",
    async (backend) => {
      if (backend === "cap") {
        lab.open();
        await lab.dnsmasq();
        await lab.wireServer();
      }
      const session = await startLive(lab, "--backend", backend, "-i", "eth0");
      await lab.dhclient();
      await session.until("dhcp", ({ exchange }) => exchange.platformAddress === lab.platformAddress);
      // The capture with the wider filter begins beside the old one.
      await sleep(1500);
      for (let number = 0; number < 5; number++) await ask(lab, `/machine/${number}`);
      await session.until("http", ({ exchange }) => exchange.target === "/machine/4");
      const { report } = await session.stop();
      expect(report.platform.addresses).toContainEqual({ address: lab.platformAddress, origin: "dhcp-option-245" });
      expect(report.http.exchanges).toHaveLength(5);
      expect(report.dhcp.exchanges).toHaveLength(1);
      expect(report.flows.every(({ duplicatePackets }) => duplicatePackets === 0)).toBe(true);
      expect(report.capture.sources[0]?.live?.gaps).toEqual([]);
    },
    40_000,
  );
});

/** Ends sessions, or waits for their end, and gives each with its end. */
function stopEach(
  sessions: readonly { backend: string; session: LiveSession }[],
  signal: NodeJS.Signals | null = "SIGTERM",
): Promise<{ backend: string; session: LiveSession; status: number | null; report: Report }[]> {
  return Promise.all(
    sessions.map(async ({ backend, session }) => {
      const { status, report } = await (signal === null ? session.finish() : session.stop(signal));
      return { backend, session, status, report };
    }),
  );
}

function read(...files: string[]): Report {
  return JSON.parse(vipscope(["read", ...files, "--format", "json"]).stdout);
}

async function until(isSo: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 10_000; !isSo(); await sleep(50)) {
    if (Date.now() > endMs) throw new Error("it did not come to be");
  }
}
