import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scratchDirectory } from "../support/scratch.ts";
import { vipscopeHere } from "../support/vipscope.ts";

const BOOT = "captures/dhcp-acquire.pcap";
const scratch = scratchDirectory();

describe("a form that is one file a table", () => {
  test("fills a directory, which is made when it is not there", async () => {
    const directory = join(scratch.path, "new", "tables");
    const { status, stdout } = await vipscopeHere("read", BOOT, "--format", "csv", "--output", directory);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    expect(readdirSync(directory).sort()).toEqual(
      ["anomalies", "dhcp", "dns", "flows", "http", "probes", "services"].map((name) => `${name}.csv`),
    );
  });

  test("gives one table to standard output, the same as the file", async () => {
    const directory = join(scratch.path, "one");
    await vipscopeHere("read", BOOT, "--format", "csv", "--output", directory);
    const { stdout } = await vipscopeHere("read", BOOT, "--format", "csv", "--table", "dhcp");
    expect(stdout).toBe(readFileSync(join(directory, "dhcp.csv"), "utf8"));
  });

  test.each([
    [["--format", "csv"], "csv is one file a table", "-o names a directory for all of them"],
    [["--format", "csv", "--table", "flow"], 'there is no table "flow"', "csv has services, anomalies, flows"],
    [["--format", "json", "--table", "flows"], "json is one document: --table is for csv", ""],
  ])("is refused before anything is read when it has nowhere to go: %j", async (words, message, hint) => {
    const { status, stdout, stderr } = await vipscopeHere("read", "none.pcap", ...words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(`vipscope: ${message}\n`);
    expect(stderr).toContain(hint);
  });

  test("does not take a file for its directory", async () => {
    const file = scratch.write("file", "mine");
    const { status, stderr } = await vipscopeHere("read", BOOT, "--format", "csv", "--output", file);
    expect([status, stderr]).toEqual([2, `vipscope: cannot make the directory ${file}: it is a file\n`]);
    expect(readFileSync(file, "utf8")).toBe("mine");
  });
});

test("a document with --output is written whole or not at all", async () => {
  const path = join(scratch.path, "report.md");
  await vipscopeHere("read", BOOT, "--format", "markdown", "--output", path);
  expect(readFileSync(path, "utf8")).toBe((await vipscopeHere("read", BOOT, "--format", "markdown")).stdout);
  await vipscopeHere("read", "none.pcap", "--format", "markdown", "--output", join(scratch.path, "none.md"));
  expect(existsSync(join(scratch.path, "none.md"))).toBe(false);
});
