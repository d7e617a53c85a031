import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Lab } from "../../captures/lab/lab.mjs";
import type { Report } from "../../src/report/report.ts";
import { ask } from "../support/live-session.ts";
import { childrenOf, descendant, uidsOf } from "../support/process-tree.ts";
import { hasNamespaces, hasTool } from "../support/tools.ts";
import { vipscope } from "../support/vipscope.ts";

/** Debian's user without rights. */
const NOBODY = 65_534;
/** A rule of the test's own, for as long as sudo needs to read it. */
const SUDOERS = `/etc/sudoers.d/vipscope-test-${process.pid}`;

describe.skipIf(!hasNamespaces() || !hasTool("sudo"))("sudo vipscope live", () => {
  const lab = new Lab(0, {});

  beforeAll(async () => {
    lab.open();
    await lab.wireServer();
  });

  afterAll(() => {
    rmSync(SUDOERS, { force: true });
    lab.close();
  });

  test("under sudo the analyser is the user, its files too, and captures begin again after a child died and the NIC was away", async () => {
    const home = join(lab.directory, "home");
    mkdirSync(home);
    chownSync(home, NOBODY, NOBODY);
    // The folders above belong to root; the user may pass through them.
    execFileSync("chmod", ["711", lab.directory]);
    const recording = join(home, "capture.pcapng");
    const report = join(home, "report.json");
    const command = [process.execPath, join(process.cwd(), "bin/vipscope.js"), "live", "-i", "eth0"];
    const words = ["--write", recording, "--format", "json", "--output", report];
    writeFileSync(SUDOERS, `nobody ALL=(root) NOPASSWD: ${process.execPath}\n`, { mode: 0o440 });
    const asUser = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "sudo", "-n"];
    const session = lab.start("vm", ...asUser, ...command, ...words);
    try {
      await session.said("session-started");
    } finally {
      rmSync(SUDOERS);
    }
    const analyser = await descendant(session.child.pid ?? 0, "vipscope.js");
    const keeper = await descendant(analyser, "keeper.js");
    expect([uidsOf(analyser), uidsOf(keeper)]).toEqual([Array(4).fill(String(NOBODY)), Array(4).fill("0")]);
    expect(readFileSync(`/proc/${analyser}/status`, "latin1")).toMatch(/^CapEff:\t0+$/m);
    process.kill(childrenOf(keeper)[0] ?? 0, "SIGKILL");
    await session.said('"interface-back","interface":"eth0","reason":"backend-died"');
    await lab.shell("ip link del eth0");
    await session.said('"interface-lost","interface":"eth0","reason":"interface-gone"');
    lab.joinAgain();
    await session.said('"interface-back","interface":"eth0","reason":"interface-gone"');
    await ask(lab, "/?comp=versions");
    await session.said('"event":"http"');
    const { status } = await session.stop();
    expect(status).toBe(0);
    for (const file of [recording, report]) expect(statSync(file)).toMatchObject({ uid: NOBODY, gid: NOBODY });
    const told: Report = JSON.parse(readFileSync(report, "utf8"));
    expect(told.http.exchanges).toHaveLength(1);
    expect(told.capture.sources[0]?.live?.gaps.map(({ reason }) => reason)).toEqual(["backend-died", "interface-gone"]);
    expect(JSON.parse(vipscope(["read", recording, "--format", "json"]).stdout).http.exchanges).toHaveLength(1);
  }, 40_000);
});
