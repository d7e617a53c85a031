#!/usr/bin/env node
/**
 * How fast the screen answers on a capture of a million flows: npm run bench:screen [-- --runs N] [FILE]
 *
 * Runs the built command in a real terminal (tmux), sends keys, and measures until the last byte of the frame that each one brings, by way of
 * tmux's control mode. Prints the middle, the 95th percentile and the longest, and the process's peak memory. Without FILE, the capture is the
 * benchmark's largest one of many flows, which is kept in bench-inputs/.
 */
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { FULL_SIZES, Inputs } from "./bench/inputs.mjs";

const BAR_MS = 100;
/** A frame is whole when nothing more comes for this long. */
const QUIET_MS = 250;
const PATIENCE_MS = 600_000;
const COLUMNS = 160;
const ROWS = 50;

/** What a person does: looks through flows, sorts, types a filter, opens a flow. By kind, as tmux names keys. */
const MOVES = ["2", "PageDown", "PageDown", "Down", "Down", "Up", "G", "PageUp", "g", "j", "k", "Enter", "Escape"];
const FILTER = ["/", ..."service:dns", "Enter", "PageDown", "G", "g", "/", ...new Array(11).fill("BSpace"), "Enter"];
const SORT = ["s", "Right", "Enter", "PageDown", "G", "g"];
const VIEWS = ["3", "PageDown", "G", "5", "PageDown", "G", "1", "2"];

const VIPSCOPE = fileURLToPath(new URL("../bin/vipscope.js", import.meta.url));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "5" } },
});
const file = positionals[0] ?? manyFlows();

const socket = `vipscope-bench-${process.pid}`;
const tmux = (...words) => execFileSync("tmux", ["-L", socket, ...words], { encoding: "utf8" });
const control = spawn("tmux", [
  "-L",
  socket,
  "-f",
  "/dev/null",
  "-C",
  "new-session",
  "-x",
  COLUMNS,
  "-y",
  ROWS,
  command(),
]);
let lastOutputMs = performance.now();
/** The first output since a key was sent; null before it. */
let firstOutputMs = null;
createInterface({ input: control.stdout }).on("line", (line) => {
  if (!line.startsWith("%output")) return;
  lastOutputMs = performance.now();
  firstOutputMs ??= lastOutputMs;
});

try {
  const beganMs = performance.now();
  await firstFrame();
  const firstMs = performance.now() - beganMs;
  await settled();
  console.log(
    `first frame after ${firstMs.toFixed(0)} ms, all read after ${((performance.now() - beganMs) / 1000).toFixed(1)} s`,
  );
  const times = [];
  for (let run = 0; run < Number(values.runs); run++) {
    for (const key of [...MOVES, ...FILTER, ...SORT, ...VIEWS]) times.push({ key, took: await press(key) });
  }
  report(times);
} finally {
  tmux("kill-server");
}

function manyFlows() {
  const inputs = new Inputs(fileURLToPath(new URL("../bench-inputs", import.meta.url)), FULL_SIZES, (line) =>
    console.error(line),
  );
  return inputs.growingFlows().at(-1).path;
}

function command() {
  return `env -u NO_COLOR TERM=tmux-256color ${process.execPath} ${VIPSCOPE} read ${file}`;
}

async function firstFrame() {
  await new Promise((resolve) => control.stdout.once("data", resolve));
  while (!tmux("capture-pane", "-p").includes("1 Anomalies")) await sleep(20);
}

/** Everything is read, and what sorting and filtering need is there: the process rests. */
async function settled() {
  const until = performance.now() + PATIENCE_MS;
  let before = processorSeconds();
  while (performance.now() < until) {
    await sleep(2000);
    const now = processorSeconds();
    if (now - before < 0.1 && performance.now() - lastOutputMs > 1500) return;
    before = now;
  }
  throw new Error("the screen never came to rest");
}

/** Milliseconds to the first and to the last output that the key brings; null when it brings none. */
async function press(key) {
  const sentMs = performance.now();
  firstOutputMs = null;
  control.stdin.write(`send-keys ${key}\n`);
  await sleep(QUIET_MS);
  while (performance.now() - lastOutputMs < QUIET_MS && performance.now() - sentMs < PATIENCE_MS) await sleep(10);
  return firstOutputMs === null ? null : { first: firstOutputMs - sentMs, last: lastOutputMs - sentMs };
}

function pid() {
  return tmux("display-message", "-p", "#{pane_pid}").trim();
}

function processorSeconds() {
  const fields = readFileSync(`/proc/${pid()}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function report(all) {
  const told = all.filter(({ took }) => took !== null);
  console.log(`${told.length} of ${all.length} keys brought a frame`);
  const within = tell("key to frame", told, "first");
  tell("key to the last row of its answer", told, "last");
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid()}/status`, "utf8"))?.[1] ?? 0;
  console.log(`peak memory ${(Number(peak) / 1024).toFixed(0)} MiB`);
  console.log(`${within < BAR_MS ? "reached" : "missed"}: 95 % under ${BAR_MS} ms`);
}

/** Gives the 95th percentile. */
function tell(what, told, which) {
  const sorted = [...told].sort((one, other) => one.took[which] - other.took[which]);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].took[which];
  const longest = sorted.slice(-5).map(({ key, took }) => `${key} ${took[which].toFixed(0)}`);
  console.log(
    `${what}: median ${at(0.5).toFixed(1)} ms, 95 % within ${at(0.95).toFixed(1)} ms; longest: ${longest.join(", ")}`,
  );
  return at(0.95);
}
