import { expect, test } from "vitest";
import { checkStatus } from "../../src/cli/check-platform.ts";
import { vipscope } from "../support/vipscope.ts";

test.each([
  ["working", "notice", 0],
  ["degraded", "warning", 1],
  ["degraded", "critical", 0],
  ["unknown", "warning", 1],
  ["refused", "critical", 1],
  ["blocked-on-vm", "warning", 1],
  ["no-route", "never", 0],
] as const)("%s with --fail-on %s is exit status %i", (verdict, failOn, status) => {
  expect(checkStatus(verdict, failOn)).toBe(status);
});

test.each([
  [["--address", "fe80::1"], '"fe80::1" is no IPv4 address'],
  [["--address", "168.63.129.16; reboot"], '"168.63.129.16; reboot" is no IPv4 address'],
  [["--timeout", "soon"], "--timeout takes a time"],
  [["--write", "x.pcapng", "--no-capture"], "--no-capture captures none"],
  [["--format", "xml"], "xml"],
])("what cannot be meant is refused before anything is sent: %j", (words, message) => {
  const { status, stdout, stderr } = vipscope(["check", ...words]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(message);
});
