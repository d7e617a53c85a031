import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";

import { terminalAttack } from "../support/terminal-attack.ts";
import { type TerminalOptions, TestTerminal } from "../support/tmux.ts";
import { hasTool } from "../support/tools.ts";

const INCIDENT = "captures/incident-mixed.pcapng";
const BOOT = "captures/healthy-boot.pcapng";
const READ = "node bin/vipscope.js read";
const folder = mkdtempSync(join(tmpdir(), "vipscope-screen-"));
const open: TestTerminal[] = [];

function terminal(options: TerminalOptions = {}): TestTerminal {
  const one = new TestTerminal(options);
  open.push(one);
  return one;
}

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The settings that `stty -g` told before and after, and whether the terminal is as a shell wants it. */
async function restored(one: TestTerminal, name: string): Promise<void> {
  one.run(`stty -g > ${folder}/${name}.after; echo told $((1 + 1))`);
  await one.shows("told 2");
  expect(readFileSync(`${folder}/${name}.after`, "utf8")).toBe(readFileSync(`${folder}/${name}.before`, "utf8"));
  expect([one.state("alternate_on"), one.state("cursor_flag")]).toEqual(["0", "1"]);
}

async function started(one: TestTerminal, name: string, command: string): Promise<void> {
  one.run(`stty -g > ${folder}/${name}.before; ${command}; echo "status $?"`);
  await one.shows("1 Anomalies");
  expect(one.state("alternate_on")).toBe("1");
}

describe.skipIf(!hasTool("tmux", "-V"))("the screen in a terminal", () => {
  test("says what is broken without a key pressed, and leaves the headline and the status behind", async () => {
    const one = terminal();
    await started(one, "quit", `${READ} ${INCIDENT}`);
    const screen = await one.shows("CRITICAL");
    expect(screen).toContain("FAILING  HostGAPlugin is failing");
    one.keys("q");
    const left = await one.shows("status 1");
    expect(left).toContain("FAILING: HostGAPlugin is failing: Connection attempts get no answer");
    expect(left).not.toContain("Warning");
    await restored(one, "quit");
  });

  test("goes to flows, filters and sorts them, and comes back", async () => {
    const one = terminal({ columns: 120, rows: 30 });
    await started(one, "filter", `${READ} ${INCIDENT}`);
    one.keys("2");
    await one.shows("wireserver");
    one.keys("/");
    one.keys("-l", "service:dns");
    one.keys("Enter");
    await one.shows(/of \d+|\d+\/\d+/);
    const flows = await one.shows(/^(?!.*10\.1\.0\.4:\d+ .*:80 )/s);
    expect(flows).toContain("service:dns");
    one.keys("q");
    await one.shows("status 1");
    await restored(one, "filter");
  });

  test("follows the size of the terminal", async () => {
    const one = terminal({ columns: 160, rows: 50 });
    await started(one, "resize", `${READ} ${BOOT}`);
    one.resize(80, 24);
    const screen = await one.shows(/q quit\s*$/);
    expect(screen.split("\n").length).toBe(24);
    one.resize(40, 10);
    await one.shows(/80/);
    one.resize(100, 30);
    await one.shows("1 Anomalies");
    one.keys("q");
    await one.shows("status 0");
    await restored(one, "resize");
  });

  test("ends at Ctrl-C as at q", async () => {
    const one = terminal();
    await started(one, "ctrl-c", `${READ} ${BOOT}`);
    one.keys("C-c");
    await one.shows("status 0");
    await restored(one, "ctrl-c");
  });

  test.each([
    ["TERM", 143],
    ["INT", 130],
    ["HUP", 129],
  ])("gives the terminal back at SIG%s, and dies of it", async (signal, status) => {
    const one = terminal();
    const name = `signal-${signal}`;
    await started(one, name, `sh -c 'echo $$ > ${folder}/pid; exec ${READ} ${BOOT}'`);
    process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), `SIG${signal}`);
    await one.becomes("alternate_on", "0");
    one.run('echo "died $?"'); // the shell gives up the rest of a line of which a command died of SIGINT
    await one.shows(new RegExp(`(status|died) ${status}`));
    await restored(one, name);
  });

  test("stops at Ctrl-Z with the terminal as it was, and draws itself again at fg", async () => {
    const one = terminal();
    await started(one, "suspend", `${READ} ${BOOT}`);
    one.keys("C-z");
    await one.shows("Stopped");
    await restored(one, "suspend");
    one.run("fg");
    await one.shows("1 Anomalies");
    expect(one.state("alternate_on")).toBe("1");
    one.keys("q");
    await one.shows(/nothing is wrong/);
    await restored(one, "suspend");
  });

  test("gives the terminal back when a fault of its own ends it", async () => {
    const one = terminal();
    const crash = join(folder, "crash.cjs");
    writeFileSync(crash, 'process.on("SIGUSR2", () => { throw new Error("a fault of our own"); });');
    await started(one, "crash", `sh -c 'echo $$ > ${folder}/pid; exec node -r ${crash} bin/vipscope.js read ${BOOT}'`);
    process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), "SIGUSR2");
    expect(await one.shows(/status [1-9]/)).toContain("a fault of our own");
    await restored(one, "crash");
  });

  test("takes keys from the terminal when the capture comes through a pipe", async () => {
    const one = terminal();
    await started(one, "pipe", `cat ${BOOT} | ${READ} -`);
    one.keys("q");
    await one.shows("status 0");
    await restored(one, "pipe");
  });

  test("is not shown with --no-ui, nor where the command line asks for a report", async () => {
    const one = terminal({ columns: 120, rows: 50 });
    one.run(`${READ} --no-ui ${BOOT} | head -1; ${READ} --no-ui ${BOOT} > /dev/null; echo "status $?"`);
    expect(await one.shows("status 0")).toContain("HEALTHY: ");
    one.run(`clear; ${READ} --format text ${BOOT} | tail -1; echo "second $?"`);
    await one.shows("second 0");
    expect(one.state("alternate_on")).toBe("0");
  });

  test("tells of a file that cannot be read without a screen", async () => {
    const one = terminal();
    one.run(`${READ} captures/README.md; echo "status $?"`);
    expect(await one.shows("status 2")).toContain("not a pcap or pcapng capture");
    expect(one.state("alternate_on")).toBe("0");
  });

  test("has no colour with NO_COLOR, and says the same", async () => {
    const one = terminal({ env: { NO_COLOR: "1" } });
    await started(one, "no-colour", `${READ} ${INCIDENT}`);
    const colours = one.screen(true).split("\u001b[").slice(1);
    expect(colours.filter((code) => /^[0-9;]*(3[0-8]|4[0-8]|9[0-7]|10[0-7])m/.test(code))).toEqual([]);
    await one.shows("CRITICAL");
    one.keys("q");
    await one.shows("status 1");
  });

  test("cannot be touched by what packets hold", async () => {
    const path = join(folder, "hostile.pcap");
    writeFileSync(path, terminalAttack());
    const one = terminal({ columns: 120, rows: 40 });
    await started(one, "hostile", `${READ} ${path}`);
    const title = one.state("pane_title");
    for (const [view, shown] of HOSTILE_VIEWS) {
      one.keys(view);
      const list = await one.shows(shown);
      one.keys("Enter");
      const page = await one.shows("Esc back");
      for (const screen of [list, page]) {
        const lines = screen.split("\n");
        expect([lines[0]?.startsWith(" vipscope  "), lines.length, lines.at(-1)?.endsWith("q quit")]).toEqual([
          true,
          40,
          true,
        ]);
      }
      expect([one.state("pane_title"), one.state("alternate_on"), one.state("cursor_flag")]).toEqual([title, "1", "0"]);
      one.keys("Escape");
      await one.shows(/^(?!.*Esc back)/s); // a key that follows at once would be one with Alt
    }
    one.keys("q");
    await one.shows("status 0");
    await restored(one, "hostile");
  });
});

/** Views of the hostile capture, with a text that each shows. */
const HOSTILE_VIEWS: readonly (readonly [string, string])[] = [
  ["2", "wireserver"],
  ["3", "\\027"],
  ["4", "acquire"],
  ["5", "\\x1b"],
];
