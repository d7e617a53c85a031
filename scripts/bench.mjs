#!/usr/bin/env node
/**
 * Compares vipscope with other programs, whole processes in turn: npm run bench -- [--only GROUP...] [--runs N] [--smoke] [--clean]
 *
 * Makes its inputs in bench-inputs/ (about 6 GB) and keeps them; --clean removes them. Prints medians, the middle of the ratios round by
 * round, peak memory, and which bars were reached. --smoke takes small inputs, once, and proves that all of it works: its figures mean nothing.
 * Works on the build: npm run build first.
 */
import { rmSync } from "node:fs";
import { availableParallelism, cpus, release, type } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { GROUPS } from "./bench/groups.mjs";
import { FULL_SIZES, Inputs, SMOKE_SIZES } from "./bench/inputs.mjs";
import { measure, peakBytesOf } from "./bench/measure.mjs";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: GROUPS.map((group) => group.name) },
    runs: { type: "string", default: "5" },
    smoke: { type: "boolean", default: false },
    clean: { type: "boolean", default: false },
  },
});

const FOLDER = fileURLToPath(new URL("../bench-inputs", import.meta.url));

function say(line) {
  process.stderr.write(`${line}\n`);
}

function tableOf(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function timesTable(programs, timings) {
  const rows = programs.map(({ name }) => {
    const { median, least, seconds, peakBytes } = timings.get(name);
    if (median === null) return [name, "not measured", "", "", ""];
    const peak = peakBytes === null ? "" : `${(peakBytes / 1e6).toFixed(0)} MB`;
    return [name, `${median.toFixed(3)} s`, `${least.toFixed(3)} s`, String(seconds.length), peak];
  });
  return tableOf(["program", "median", "least", "runs", "peak memory"], rows);
}

function barsTable(bars, timings) {
  const rows = bars.map(({ what, reach, measure: figureOf, show, isReached }) => {
    const figure = figureOf(timings);
    if (figure === null) return [what, reach, "not measured", ""];
    const verdict = isReached(figure) ? "reached" : "missed";
    return [what, reach, show(figure), options.smoke ? "" : verdict];
  });
  return tableOf(["work", "to reach", "measured", ""], rows);
}

async function compare(group, inputs, runs) {
  const { title, programs, peaks, bars, moreRuns = 1 } = group.prepare(inputs);
  const timings = await measure(programs, { runs: runs * moreRuns, warm: !options.smoke, say });
  for (const one of programs) {
    if (peaks.includes(one.name)) timings.get(one.name).peakBytes = await peakBytesOf(one);
  }
  console.log(`\n## ${group.name}: ${title}\n\n${timesTable(programs, timings)}\n\n${barsTable(bars, timings)}`);
}

if (options.clean) {
  rmSync(FOLDER, { recursive: true, force: true });
} else {
  const unknown = options.only.filter((name) => !GROUPS.some((group) => group.name === name));
  const runs = options.smoke ? 1 : Number(options.runs);
  if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
    say(`--only takes ${GROUPS.map((group) => group.name).join(", ")}; --runs a number from 1 on`);
    process.exit(2);
  }
  const inputs = new Inputs(FOLDER, options.smoke ? SMOKE_SIZES : FULL_SIZES, say);
  const model = cpus()[0]?.model ?? "unknown processor";
  console.log(
    `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores (${model}), Node ${process.version}, ${type()} ${release().split("-")[0]}`,
  );
  for (const group of GROUPS) if (options.only.includes(group.name)) await compare(group, inputs, runs);
}
