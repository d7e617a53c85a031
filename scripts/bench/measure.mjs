/** Runs programs as whole processes, in turn, and keeps what each run took. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const TELL_PEAK = fileURLToPath(new URL("tell-peak.cjs", import.meta.url));
/** Characters of a failed program's own words that are quoted. */
const MAX_QUOTED = 500;

/** One way to do the work: `command` and its `words`. `node` marks a script of Node, whose peak memory can be asked for. */
export function program(name, command, words) {
  return { name, command, words, node: false };
}

export function nodeProgram(name, words) {
  return { name, command: process.execPath, words, node: true };
}

/** What the runs of one program gave. Null where nothing was measured. */
export class Timings {
  seconds = [];
  peakBytes = null;

  get median() {
    return medianOf(this.seconds);
  }

  get least() {
    return this.seconds.length === 0 ? null : Math.min(...this.seconds);
  }
}

/**
 * Times the programs `runs` times, each round one run of each, after a round that is not counted. Those that are not installed are left out, and
 * `say` is told. Answers with a map of `Timings` by name.
 */
export async function measure(programs, { runs, warm, say }) {
  const timings = new Map(programs.map(({ name }) => [name, new Timings()]));
  const missing = new Set();
  for (let round = warm ? -1 : 0; round < runs; round++) {
    for (const one of programs) {
      if (missing.has(one.command)) continue;
      const { seconds } = await run(one.command, one.words).catch((error) => {
        if (error.code !== "ENOENT") throw error;
        missing.add(one.command);
        say(`${one.command} is not installed: nothing is compared with it`);
        return { seconds: null };
      });
      if (round >= 0 && seconds !== null) timings.get(one.name).seconds.push(seconds);
    }
  }
  return timings;
}

/** Runs a script of Node once more and answers with the most memory that it had resident, in bytes. */
export async function peakBytesOf({ command, words }) {
  const { told } = await run(command, ["--require", TELL_PEAK, ...words]);
  return Number(told) * 1024;
}

/** The middle one of the ratios of two programs' runs, round by round; null when one of them was not measured. */
export function ratioOf(one, other) {
  const ratios = one.seconds.slice(0, other.seconds.length).map((seconds, round) => seconds / other.seconds[round]);
  return medianOf(ratios);
}

export function medianOf(values) {
  if (values.length === 0) return null;
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function run(command, words) {
  return new Promise((resolve, reject) => {
    let errors = "";
    let told = "";
    const startedAt = performance.now();
    const child = spawn(command, words, { stdio: ["ignore", "ignore", "pipe", "pipe"] });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      errors = (errors + text).slice(-MAX_QUOTED);
    });
    child.stdio[3].setEncoding("utf8").on("data", (text) => {
      told += text;
    });
    let seconds = 0;
    child.on("exit", () => {
      seconds = (performance.now() - startedAt) / 1000;
    });
    child.on("error", reject);
    child.on("close", (status) => {
      // 1 is vipscope's word for anomalies found.
      if (status === 0 || status === 1) resolve({ seconds, told });
      else reject(new Error(`${[command, ...words].join(" ")} ended with ${status}: ${errors}`));
    });
  });
}
