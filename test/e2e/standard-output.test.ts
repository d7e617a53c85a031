/** What becomes of a command whose standard output takes no more: a reader that went away, and a disk that is full. */
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { vipscope } from "../support/vipscope.ts";

const CAPTURE = "captures/wireserver-refused.pcap";
const COMMANDS = [
  ["read", "--help"],
  ["help", "read"],
  ["rules"],
  ["explain", "dns-slow"],
  ["schema"],
  ["completion", "bash"],
  ["read", CAPTURE],
  ["read", CAPTURE, "--format", "json"],
  ["extract", CAPTURE, "--output", "-"],
];

const directory = mkdtempSync(join(tmpdir(), "vipscope-"));
afterAll(() => rmSync(directory, { recursive: true }));

test.skipIf(!existsSync("/dev/full")).each(COMMANDS)("a full disk is one line and status 2: %s %s", (...words) => {
  const full = openSync("/dev/full", "w");
  const { status, stderr } = spawnSync(process.execPath, ["bin/vipscope.js", ...words], {
    encoding: "utf8",
    stdio: ["ignore", full, "pipe"],
  });
  closeSync(full);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: "vipscope: cannot write to standard output: the disk is full\n",
  });
});

test.skipIf(process.platform === "win32").each(COMMANDS)("a reader that went away is no failure: %s %s", (...words) => {
  // The reader ends before anything is written, and the command's own status is what is told.
  const script = 'exec 3>&1; { sleep 0.1; node bin/vipscope.js "$@"; echo "status $?" >&3; } | true';
  const { stdout, stderr } = spawnSync("bash", ["-c", script, "bash", ...words], { encoding: "utf8" });
  const expected = words[0] === "read" && words[1] === CAPTURE ? "status 1\n" : "status 0\n";
  expect({ stdout, stderr }).toEqual({ stdout: expected, stderr: "" });
});

test("extract writes a capture to standard output with -o -", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["bin/vipscope.js", "extract", CAPTURE, "-o", "-"]);
  const copy = join(directory, "copy.pcapng");
  writeFileSync(copy, stdout);
  expect(stderr.toString()).toBe("62 packets written to standard output\n");
  expect(vipscope(["read", copy]).stdout).toContain("Connections are refused");
});

test("a capture is never overwritten by its own report or extract", () => {
  const capture = join(directory, "vm.pcap");
  const bytes = readFileSync(CAPTURE);
  writeFileSync(capture, bytes);
  for (const words of [
    ["read", capture],
    ["read", directory],
    ["extract", capture],
  ]) {
    const { status, stderr } = vipscope([...words, "--output", capture]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `vipscope: ${capture} is the capture itself, and would be lost\n  Give --output another name.\n`,
    });
  }
  expect(readFileSync(capture).equals(bytes)).toBe(true);
});
