import { join } from "node:path";
import { Ajv } from "ajv";
import { beforeAll, describe, expect, test } from "vitest";
import { schemaOf } from "../support/schema.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { vipscopeHere } from "../support/vipscope.ts";

const scratch = scratchDirectory();
const healthy = join(scratch.path, "healthy.json");
const incident = join(scratch.path, "incident.json");

beforeAll(async () => {
  await vipscopeHere("read", "captures/healthy-boot.pcapng", "--format", "json", "--output", healthy);
  await vipscopeHere("read", "captures/incident-mixed.pcapng", "--format", "json", "--output", incident);
});

test("the exit status says whether something is worse", async () => {
  const statuses = [];
  for (const words of [
    [healthy, incident],
    [incident, healthy],
    [incident, incident],
  ]) {
    statuses.push((await vipscopeHere("diff", ...words)).status);
  }
  expect(statuses).toEqual([1, 0, 0]);
});

test("the text says what came, with the services that it hurt", async () => {
  const { stdout } = await vipscopeHere("diff", healthy, incident);
  expect(stdout).toContain("WORSE: something became worse.");
  expect(stdout).toMatch(/worse +HostGAPlugin +healthy → failing +0 → 4/);
  expect(stdout).toMatch(/came +critical +handshake-unanswered +tcp\/32526 +0 → 4/);
});

test("the JSON is valid by its published schema", async () => {
  const { stdout } = await vipscopeHere("diff", healthy, incident, "--format", "json");
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schemaOf("diff"));
  expect([validate(JSON.parse(stdout)), validate.errors]).toEqual([true, null]);
});

describe("what is no report is refused in one line", () => {
  test.each([
    ["none.json", "none.json: no such file"],
    ["captures/README.md", "captures/README.md is no report of vipscope: it is not JSON"],
    ["package.json", "package.json is no report of vipscope: its schemaVersion is not 1"],
    ["captures", "captures: it is a directory"],
  ])("%s", async (path, message) => {
    const { status, stdout, stderr } = await vipscopeHere("diff", healthy, path);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.split("\n")[0]).toBe(`vipscope: ${message}`);
  });
});

test.each(["report", "event", "diff", "check"])("the schema of a %s is printed", async (name) => {
  expect(JSON.parse((await vipscopeHere("schema", name)).stdout)).toEqual(schemaOf(name));
});
