#!/usr/bin/env node
/**
 * Coverage-guided fuzzing of every way from bytes to what comes out: npm run fuzz -- [--minutes N] [--seed N] [--seeds FOLDER...] [--workers N]
 *
 * Seeds are the shipped captures (and folders that are given). Inputs are mutated; those that reach code that no input reached before, as
 * V8's precise coverage tells over the inspector, are kept and mutated further. Each goes one way: to one of the output forms, an extract,
 * what a screen asks, or a live session. An input fails when anything but an InputError is thrown, when it takes longer than five seconds,
 * when a worker hangs or dies of it, or when what comes out breaks a rule (scripts/fuzz/oracles.mjs). It is written to fuzz-findings/.
 * Works on the build: npm run build first.
 */
import { fork } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { loadSeeds, mutate, randomFrom } from "./fuzz/mutation.mjs";
import { waysThrough } from "./fuzz/ways.mjs";

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    seeds: { type: "string", multiple: true, default: ["captures"] },
    workers: { type: "string", default: "1" },
    child: { type: "boolean", default: false },
  },
});

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DIST = pathToFileURL(join(ROOT, "dist/"));
const FINDINGS = join(ROOT, "fuzz-findings");
const SLOW_MS = 5_000;
/** A worker that says nothing for so long, in milliseconds, hangs; and it may use so many megabytes. */
const HANG_MS = 60_000;
const MAX_HEAP_MB = 1024;
/** Inputs between two looks at the coverage, which costs as much as several runs. */
const BATCH = 40;

/** Watches which blocks of the build have run. */
async function coverage() {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const seen = new Set();
  const blocks = new Set();
  return {
    /** Blocks that ever ran. */
    get blocks() {
      return blocks.size;
    },
    /** What ran since the last look and never before: blocks, and blocks as often as never before, by the order of magnitude. */
    async fresh(keep = true) {
      const { result } = await session.post("Profiler.takePreciseCoverage");
      let found = 0;
      for (const { url, functions } of result) {
        if (!url.startsWith(DIST.href)) continue;
        for (const { ranges } of functions) {
          for (const { startOffset, endOffset, count } of ranges) {
            if (count === 0) continue;
            const block = `${url.slice(DIST.href.length)} ${startOffset} ${endOffset}`;
            const key = `${block} ${Math.min(4, Math.floor(Math.log10(count)))}`;
            if (seen.has(key)) continue;
            found++;
            if (!keep) continue;
            seen.add(key);
            blocks.add(block);
          }
        }
      }
      return found;
    },
  };
}

let findings = 0;
const signatures = new Set();

/** One input one way. What goes wrong is a finding, told once. */
async function run(ways, input) {
  process.send?.("at work");
  writeFileSync(currentPath(options.seed), input.bytes);
  const startedMs = performance.now();
  let wrong = null;
  try {
    await ways[input.way](input.bytes, input.number);
    const tookMs = performance.now() - startedMs;
    if (tookMs > SLOW_MS) wrong = `took ${Math.round(tookMs)} ms`;
  } catch (error) {
    wrong = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  if (wrong === null) return;
  const signature = `${input.way}: ${wrong.split("\n").slice(0, 3).join("\n").replaceAll(/\d+/g, "N")}`;
  if (signatures.has(signature)) return;
  signatures.add(signature);
  findings++;
  writeFileSync(join(FINDINGS, `${input.name}.bin`), input.bytes);
  writeFileSync(join(FINDINGS, `${input.name}.txt`), `${input.way}, number ${input.number}\n${wrong}\n`);
  process.stdout.write(`FINDING ${input.name}: ${signature}\n`);
}

/** Where a worker leaves the input that it is at. */
function currentPath(seed) {
  return join(FINDINGS, `current-${seed}.bin`);
}

async function work() {
  const random = randomFrom(Number(options.seed));
  const ways = await waysThrough(DIST);
  const names = Object.keys(ways);
  const pool = loadSeeds(options.seeds);
  const watch = await coverage();
  for (const { name, bytes } of pool) {
    for (const [number, way] of names.entries()) await run(ways, { way, number, bytes, name: `${name}-${way}` });
    await watch.fresh();
  }
  const seedBlocks = watch.blocks;
  const until = performance.now() + Number(options.minutes) * 60_000;
  const counts = { runs: 0, kept: 0 };
  const line = () =>
    `seed ${options.seed}: ${counts.runs} runs, ${counts.kept} inputs kept, ${watch.blocks} blocks (${seedBlocks} by seeds), ${findings} findings`;
  let told = performance.now();
  while (performance.now() < until) {
    const batch = Array.from({ length: BATCH }, () => ({
      way: names[counts.runs % names.length],
      number: Math.floor(random() * 1e6),
      bytes: mutate(pool, random),
      name: `seed${options.seed}-run${counts.runs++}`,
    }));
    for (const input of batch) await run(ways, input);
    if ((await watch.fresh(false)) > 0) {
      for (const input of batch) {
        await run(ways, input);
        if ((await watch.fresh()) === 0) continue;
        pool.push(input);
        counts.kept++;
      }
    }
    if (performance.now() - told > 30_000) {
      told = performance.now();
      process.stdout.write(`${line()}, ${Math.round(process.memoryUsage().rss / 1e6)} MB\n`);
    }
  }
  process.stdout.write(`${line()}; done\n`);
  process.exitCode = findings === 0 ? 0 : 1;
}

/** Starts a worker and looks after it: one that hangs or dies leaves the input that it was at. */
function startWorker(seed) {
  const words = ["--child", "--minutes", options.minutes, "--seed", String(seed)];
  const folders = options.seeds.flatMap((folder) => ["--seeds", folder]);
  const child = fork(fileURLToPath(import.meta.url), [...words, ...folders], {
    execArgv: [`--max-old-space-size=${MAX_HEAP_MB}`],
  });
  let heardMs = performance.now();
  child.on("message", () => {
    heardMs = performance.now();
  });
  const timer = setInterval(() => performance.now() - heardMs > HANG_MS && child.kill("SIGKILL"), 1000);
  child.on("exit", (code) => {
    clearInterval(timer);
    if (code !== 0) process.exitCode = 1;
    if (code === 0 || code === 1) return;
    const path = join(FINDINGS, `seed${seed}-hung-or-died.bin`);
    copyFileSync(currentPath(seed), path);
    process.stdout.write(`FINDING seed ${seed}: the worker hung or died of ${path}\n`);
  });
}

mkdirSync(FINDINGS, { recursive: true });
if (options.child) await work();
else for (let worker = 0; worker < Number(options.workers); worker++) startWorker(Number(options.seed) + worker);
