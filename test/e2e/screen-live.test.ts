import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Namespaces, PLATFORM_ADDRESS } from "../support/namespaces.ts";
import { TestTerminal } from "../support/tmux.ts";
import { hasNamespaces, hasTool } from "../support/tools.ts";
import { vipscope } from "../support/vipscope.ts";

const folder = mkdtempSync(join(tmpdir(), "vipscope-screen-live-"));
const recording = join(folder, "session.pcapng");

describe.skipIf(!hasNamespaces() || !hasTool("tmux", "-V"))("the screen of a live session", () => {
  let namespaces: Namespaces;
  let terminal: TestTerminal;

  beforeAll(async () => {
    namespaces = await Namespaces.make("screen");
    await namespaces.serve("80");
    terminal = new TestTerminal({ columns: 100, rows: 30, inside: ["ip", "netns", "exec", namespaces.vm] });
  });
  afterAll(async () => {
    terminal.close();
    await namespaces.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("shows a fault as it happens, records with w, and leaves the headline and the status", async () => {
    terminal.run(`stty -g > ${folder}/before; node bin/vipscope.js live; echo "status $?"`);
    await terminal.shows("1 Anomalies");
    await terminal.shows("eth0");
    terminal.keys("w");
    terminal.keys("-l", recording);
    terminal.keys("Enter");
    await terminal.shows("ecording");
    const ask = (url: string): Promise<void> =>
      namespaces.inVm("curl", "-s", "-m", "2", "-o", "/dev/null", "-H", "Metadata: true", url);
    await ask(`http://${PLATFORM_ADDRESS}/?comp=versions`);
    await terminal.shows("WireServer");
    // Nothing listens on 32526.
    await expect(ask(`http://${PLATFORM_ADDRESS}:32526/versions`)).rejects.toThrow();
    await terminal.shows("Connections are refused");
    terminal.keys("q");
    await terminal.shows(/Recorded \d+ packets, last to/);
    // Degraded, and failing when the connection was refused long enough ago.
    expect(await terminal.shows("status 1")).toMatch(/(FAILING|DEGRADED): HostGAPlugin .*: Connections are refused/);
    terminal.run(`stty -g > ${folder}/after; echo told $((1 + 1))`);
    await terminal.shows("told 2");
    expect(readFileSync(join(folder, "after"), "utf8")).toBe(readFileSync(join(folder, "before"), "utf8"));
    expect([terminal.state("alternate_on"), terminal.state("cursor_flag")]).toEqual(["0", "1"]);
    expect(existsSync(recording)).toBe(true);
    expect(vipscope(["read", recording]).stdout).toContain("Connections are refused");
  });

  test("says at its top which NIC is lost; without a screen it is said too, and the report says when", async () => {
    const report = join(folder, "lost.txt");
    const plain = new TestTerminal({ columns: 100, inside: ["ip", "netns", "exec", namespaces.vm] });
    try {
      plain.run(`node bin/vipscope.js live -i eth0 --no-ui --output ${report}; echo "plain $?"`);
      await plain.shows("vipscope: watching eth0");
      terminal.run('clear; node bin/vipscope.js live; echo "left $?"');
      await terminal.shows("1 Anomalies");
      await namespaces.inVm("ip", "link", "set", "eth0", "down");
      await terminal.shows(/eth0 +eth0 lost/);
      terminal.keys("7");
      await terminal.shows("lost: the interface was down");
      terminal.keys("q");
      await terminal.shows("left 0");
      await plain.shows("vipscope: eth0 is no longer captured: the interface was down");
      await namespaces.inVm("ip", "link", "set", "eth0", "up");
      await namespaces.inVm("ip", "route", "add", "default", "via", "10.9.0.1");
      await plain.shows("vipscope: eth0 is captured again");
      plain.keys("C-c");
      await plain.shows("plain 0");
    } finally {
      plain.close();
    }
    expect(readFileSync(report, "utf8")).toMatch(/No capture +eth0, \S+ to \S+: the interface was down\n/);
  });

  test("ends with --duration by itself, and at SIGTERM with its report", async () => {
    terminal.run('clear; node bin/vipscope.js live --duration 2s; echo "first $?"');
    await terminal.shows("1 Anomalies");
    expect(await terminal.shows("first 0")).toContain("NOTHING SEEN");
    terminal.run(`clear; sh -c 'echo $$ > ${folder}/pid; exec node bin/vipscope.js live'; echo "second $?"`);
    await terminal.shows("1 Anomalies");
    process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), "SIGTERM");
    expect(await terminal.shows("second 0")).toContain("NOTHING SEEN");
  });
});
