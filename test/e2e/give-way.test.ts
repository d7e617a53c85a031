/** The niceness of each thread (proc_pid_stat(5): field 19), which is what the kernel shares a core by. */
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { scratchDirectory } from "../support/scratch.ts";

const scratch = scratchDirectory();
const tellThreads = scratch.write(
  "tell-threads.cjs",
  `process.on("exit", () => {
    const fs = require("node:fs");
    const nicenessOf = (id) => Number(fs.readFileSync("/proc/self/task/" + id + "/stat", "utf8").split(") ")[1].split(" ")[16]);
    const others = fs.readdirSync("/proc/self/task").filter((id) => Number(id) !== process.pid);
    console.error(JSON.stringify([nicenessOf(process.pid), others.map(nicenessOf)]));
  });`,
);

test.runIf(process.platform === "linux").each([0, 3, 17])("V8's threads give way to a report at niceness %d", (own) => {
  const words = ["-n", String(own), process.execPath, "--require", tellThreads, "bin/vipscope.js", "read"];
  const { stderr } = spawnSync("nice", [...words, "captures/healthy-boot.pcapng"], { encoding: "utf8" });
  const [main, others] = JSON.parse(stderr);
  expect(others.length).toBeGreaterThan(0);
  expect(new Set(others)).toEqual(new Set([Math.min(19, main + 5)]));
});
