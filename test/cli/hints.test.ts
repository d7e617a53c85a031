/** What a command line that was typed wrong is answered: one line, and what to type instead. */
import { expect, test } from "vitest";
import { vipscopeHere } from "../support/vipscope.ts";

const CAPTURE = "captures/wireserver-refused.pcap";

test.each([
  [[CAPTURE], `unknown command '${CAPTURE}'`, `A capture is read with: vipscope read ${CAPTURE}`],
  [["nothing-like-it"], "unknown command 'nothing-like-it'", "vipscope --help tells what there is"],
  [["help", "nothing-like-it"], 'there is no command "nothing-like-it"', "vipscope --help tells what there is"],
  [["read"], "missing required argument 'capture'", "vipscope read --help tells what it takes"],
  [["explain", "a", "b"], expect.stringContaining("too many arguments"), "vipscope explain --help tells what it takes"],
  [["read", CAPTURE, "--primary-nic", ""], "--primary-nic takes a name, a MAC or an address", undefined],
  [
    ["read", CAPTURE, "--only", "dns-slow", "--ignore", "dns-slow"],
    "no rule is left to run",
    "--only and --ignore name the same rules",
  ],
])("%j", async (words, message, hint) => {
  const { status, stdout, stderr } = await vipscopeHere(...words);
  const [first = "", second] = stderr.trimEnd().split("\n");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(first.replace("vipscope: ", "")).toEqual(message);
  expect(second?.trim()).toBe(hint);
});

test("help for a command is its own", async () => {
  const { status, stdout } = await vipscopeHere("help", "read");
  expect(status).toBe(0);
  expect(stdout).toContain("Usage: vipscope read [options] <capture...>");
});
