#!/usr/bin/env node
/**
 * Coverage-guided fuzzing of the whole way from bytes to report: npm run fuzz -- [--minutes N] [--seed N] [--seeds FOLDER...] [--workers N]
 *
 * Seeds are the shipped captures (and folders that are given). Inputs are mutated; those that reach code that no input reached before, as
 * V8's precise coverage tells over the inspector, are kept and mutated further. An input fails when anything but an InputError is thrown, when
 * it takes longer than five seconds, when the JSON is no JSON, or when a control character reaches the text. It is written to fuzz-findings/.
 * Works on the build: npm run build first.
 */
import { Buffer } from "node:buffer";
import { fork } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

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
const DIST = pathToFileURL(join(ROOT, "dist/")).href;
const FINDINGS = join(ROOT, "fuzz-findings");
/** Bytes of one input at most: longer seeds are cut, for short inputs are tried often. */
const MAX_INPUT_BYTES = 8_000;
const SLOW_MS = 5_000;
/** Inputs between two looks at the coverage, which costs as much as several runs. */
const BATCH = 40;
const INTERESTING = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 53, 63, 64, 67, 80, 127, 128, 192, 224, 254, 255];

/** Small fast random numbers (mulberry32), so that a seed gives the same run. */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function loadSeeds(folders) {
  const seeds = [];
  for (const folder of folders) {
    for (const name of readdirSync(folder, { recursive: true })) {
      const path = join(folder, name);
      if (!/\.(pcap|pcapng|cap)(\.gz|\.zst)?$/.test(name) || !statSync(path).isFile()) continue;
      seeds.push({ name: basename(path), bytes: readFileSync(path).subarray(0, MAX_INPUT_BYTES) });
    }
  }
  return seeds;
}

/** One mutated copy. */
function mutate(pool, random) {
  const below = (bound) => Math.floor(random() * bound);
  const { bytes } = pool[below(pool.length)];
  let mutated = Buffer.from(bytes);
  for (let count = 1 + below(8); count > 0 && mutated.length > 0; count--) {
    const at = below(mutated.length);
    switch (below(9)) {
      case 0:
        mutated[at] ^= 1 << below(8);
        break;
      case 1:
        mutated[at] = INTERESTING[below(INTERESTING.length)];
        break;
      case 2:
        mutated[at] = below(256);
        break;
      case 3:
        if (at + 2 <= mutated.length)
          mutated.writeUInt16BE(below(2) ? below(65536) : INTERESTING[below(INTERESTING.length)], at);
        break;
      case 4:
        if (at + 4 <= mutated.length) mutated.writeUInt32LE([0, 0x7fffffff, 0xffffffff, below(4096)][below(4)], at);
        break;
      case 5:
        mutated = mutated.subarray(0, at);
        break;
      case 6: {
        const length = 1 + below(Math.min(400, mutated.length - at));
        mutated = Buffer.concat([mutated.subarray(0, at + length), mutated.subarray(at)]).subarray(
          0,
          2 * MAX_INPUT_BYTES,
        );
        break;
      }
      case 7: {
        const length = 1 + below(Math.min(64, mutated.length - at));
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + length)]);
        break;
      }
      default: {
        const other = pool[below(pool.length)].bytes;
        if (other.length === 0) break;
        const from = below(other.length);
        const piece = other.subarray(from, from + 1 + below(200));
        mutated = Buffer.concat([mutated.subarray(0, at), piece, mutated.subarray(at + piece.length)]);
      }
    }
  }
  return mutated;
}

async function pipeline() {
  const [
    { Analysis },
    { openStream },
    { SourceFacts },
    { RULES },
    { DEFAULT_THRESHOLDS },
    { InputError },
    { writeText },
    { writeJson },
  ] = await Promise.all([
    import(`${DIST}analyzer.js`),
    import(`${DIST}capture/open.js`),
    import(`${DIST}capture/source-facts.js`),
    import(`${DIST}rules/all.js`),
    import(`${DIST}rules/thresholds.js`),
    import(`${DIST}capture/input-error.js`),
    import(`${DIST}output/text.js`),
    import(`${DIST}output/json.js`),
  ]);
  const chosen = { platformAddresses: [], primaryNic: null, rules: RULES, thresholds: DEFAULT_THRESHOLDS };
  /** Null when all is well, else what went wrong. */
  return async (bytes, pieceBytes) => {
    const started = performance.now();
    const pieces = [];
    for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
    const analysis = new Analysis(chosen);
    try {
      await analysis.open(async (open) => {
        const facts = new SourceFacts("fuzz");
        const records = await openStream(Readable.from(pieces, { objectMode: false }), 0, open, facts);
        return { facts: [facts], records };
      });
      await analysis.read();
      const report = analysis.finish();
      let text = "";
      let json = "";
      const gather = (take) => ({ write: async (part) => take(part) });
      const input = { report, packets: analysis.packetLines(), colour: false };
      await writeText(
        input,
        gather((part) => (text += part)),
      );
      await writeJson(
        input,
        gather((part) => (json += part)),
      );
      JSON.parse(json);
      if (/[\p{Cc}\p{Bidi_Control}]/u.test(text.replaceAll("\n", ""))) return "a control character reached the text";
    } catch (error) {
      if (!(error instanceof InputError))
        return error instanceof Error ? (error.stack ?? error.message) : String(error);
    } finally {
      analysis.close();
    }
    const tookMs = performance.now() - started;
    return tookMs > SLOW_MS ? `took ${Math.round(tookMs)} ms` : null;
  };
}

/** Watches which blocks of the build have run. */
async function coverage() {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const seen = new Set();
  return {
    get size() {
      return seen.size;
    },
    /** Blocks that ran since the last look and never before. Counts of a block are told apart by their order of magnitude. */
    async fresh(keep = true) {
      const { result } = await session.post("Profiler.takePreciseCoverage");
      let found = 0;
      for (const { url, functions } of result) {
        if (!url.startsWith(DIST)) continue;
        for (const { ranges } of functions) {
          for (const { startOffset, endOffset, count } of ranges) {
            if (count === 0) continue;
            const key = `${url.length} ${url.slice(-24)} ${startOffset} ${endOffset} ${Math.min(4, Math.floor(Math.log10(count)))}`;
            if (seen.has(key)) continue;
            found++;
            if (keep) seen.add(key);
          }
        }
      }
      return found;
    },
  };
}

async function main() {
  const random = randomFrom(Number(options.seed));
  const pool = loadSeeds(options.seeds);
  const run = await pipeline();
  const watch = await coverage();
  for (const seed of pool) await check(run, seed.bytes, `seed-${seed.name}`, MAX_INPUT_BYTES);
  await watch.fresh();
  const until = performance.now() + Number(options.minutes) * 60_000;
  let runs = 0;
  let kept = 0;
  let told = performance.now();
  while (performance.now() < until) {
    const batch = Array.from({ length: BATCH }, () => mutate(pool, random));
    for (const bytes of batch)
      await check(
        run,
        bytes,
        `seed${options.seed}-run${runs++}`,
        random() < 0.1 ? 1 + Math.floor(random() * 64) : MAX_INPUT_BYTES * 2,
      );
    if ((await watch.fresh(false)) > 0) {
      for (const bytes of batch) {
        await run(bytes, MAX_INPUT_BYTES * 2);
        if ((await watch.fresh()) === 0) continue;
        pool.push({ name: "found", bytes: bytes.subarray(0, MAX_INPUT_BYTES) });
        kept++;
      }
    }
    if (performance.now() - told > 30_000) {
      told = performance.now();
      process.stdout.write(
        `seed ${options.seed}: ${runs} runs, ${kept} kept, ${watch.size} blocks, ${Math.round(process.memoryUsage().rss / 1e6)} MB, ${findings} findings\n`,
      );
    }
  }
  process.stdout.write(
    `seed ${options.seed}: done, ${runs} runs, ${kept} inputs kept, ${watch.size} blocks, ${findings} findings\n`,
  );
  process.exitCode = findings === 0 ? 0 : 1;
}

let findings = 0;
const signatures = new Set();

async function check(run, bytes, name, pieceBytes) {
  const wrong = await run(bytes, pieceBytes);
  if (wrong === null) return;
  const signature = wrong.split("\n").slice(0, 3).join("\n");
  if (signatures.has(signature)) return;
  signatures.add(signature);
  findings++;
  mkdirSync(FINDINGS, { recursive: true });
  writeFileSync(join(FINDINGS, `${name}.bin`), bytes);
  writeFileSync(join(FINDINGS, `${name}.txt`), `pieces of ${pieceBytes} bytes\n${wrong}\n`);
  process.stdout.write(`FINDING ${name}: ${signature}\n`);
}

const workers = Number(options.workers);
if (workers > 1 && !options.child) {
  for (let worker = 0; worker < workers; worker++) {
    const words = [
      "--child",
      "--minutes",
      options.minutes,
      "--seed",
      String(Number(options.seed) + worker),
      ...options.seeds.flatMap((folder) => ["--seeds", folder]),
    ];
    fork(fileURLToPath(import.meta.url), words).on("exit", (code) => {
      process.exitCode = process.exitCode || (code ?? 1);
    });
  }
} else await main();
