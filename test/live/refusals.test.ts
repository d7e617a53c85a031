/** What `vipscope live` and `check` refuse before they begin: work whose result could not be kept, and names that cannot be meant. */
import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Namespaces } from "../support/namespaces.ts";
import { hasNamespaces } from "../support/tools.ts";

const MISSING = "cannot write none/file: its directory does not exist";

describe.skipIf(!hasNamespaces())("in namespaces", () => {
  let namespaces: Namespaces;
  beforeAll(async () => {
    namespaces = await Namespaces.make("refusals");
  });
  afterAll(() => namespaces.close());

  const run = (...words: string[]) => namespaces.run([process.execPath, "bin/vipscope.js", ...words]);

  test.each([
    [["live", "--write", "none/file"], MISSING],
    [["live", "--format", "ndjson", "--output", "none/file"], MISSING],
    [["live", "--format", "json", "--output", "none/file"], MISSING],
    [["live", "--primary-nic", "eth7"], 'no NIC of this machine is "eth7"'],
    [["live", "--primary-nic", ""], "--primary-nic takes a name, a MAC or an address"],
    [["check", "--write", "none/file"], MISSING],
    [["check", "--output", "none/file"], MISSING],
  ])("%j is refused before anything is done", async (words, message) => {
    const { status, stdout, stderr } = await run(...words);
    expect({ status, stdout, first: stderr.split("\n")[0] }).toEqual({
      status: 2,
      stdout: "",
      first: `vipscope: ${message}`,
    });
  });

  test.skipIf(!existsSync("/dev/full"))("events that the disk has no room for are a failure", async () => {
    const words = ["live", "--duration", "1s", "--format", "ndjson", "--output", "/dev/full"];
    const { status, stderr } = await run(...words);
    expect({ status, stderr }).toEqual({ status: 2, stderr: "vipscope: cannot write /dev/full: the disk is full\n" });
  });

  test.skipIf(!existsSync("/dev/full"))("a recording that ends is told where no events are", async () => {
    const { status, stderr } = await run("live", "--duration", "1s", "--format", "text", "--write", "/dev/full");
    const message = "Recording to /dev/full stopped: the disk is full. The analysis goes on.";
    expect({ status, stderr }).toEqual({ status: 0, stderr: `vipscope: ${message}\n` });
  });

  test("an interface that is named twice is captured once, and a report to - comes without events", async () => {
    const words = ["live", "--duration", "1s", "-i", "eth0", "-i", "eth0", "--format", "json", "--output", "-"];
    const report = JSON.parse((await run(...words)).stdout);
    expect(report.capture.sources.map(({ name }: { name: string }) => name)).toEqual(["eth0"]);
  });
});
