// Loaded into a program of Node before its own code: tells the benchmark, on descriptor 3, the kilobytes that were resident at most.
const { writeSync } = require("node:fs");
const { isMainThread } = require("node:worker_threads");

if (isMainThread) process.on("exit", () => writeSync(3, String(process.resourceUsage().maxRSS)));
