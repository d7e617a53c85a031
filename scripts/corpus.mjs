#!/usr/bin/env node
/**
 * Reads every capture below a folder and holds it against capinfos: npm run corpus -- FOLDER
 *
 * Each must end by itself within five seconds, with an exit status of the contract and no stack trace, its JSON must be JSON and its text
 * must hold no control character, and it must count as many packets as capinfos -c does. Files of link types that capinfos does not know are
 * counted apart; any difference ends the script with exit status 1. Works on the build: npm run build first.
 */
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const VIPSCOPE = fileURLToPath(new URL("../bin/vipscope.js", import.meta.url));
const LIMIT_MS = 5_000;
const WORKERS = 2;
const CONTROL = /[\p{Cc}\p{Bidi_Control}]/u;
const CAPTURE = /\.(pcap|pcapng|cap|ntar|dmp)(\.gz)?$/i;

/** Files that capinfos does not count because it does not know their link type. */
let unknownLinkTypes = 0;

/** Exit status, output and time of one run; killed at the limit. */
function run(words) {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [VIPSCOPE, ...words], { timeout: LIMIT_MS, killSignal: "SIGKILL" });
    const output = { stdout: [], stderr: [] };
    for (const name of ["stdout", "stderr"]) child[name].on("data", (data) => output[name].push(data));
    child.on("close", (status) =>
      resolve({
        status,
        stdout: Buffer.concat(output.stdout).toString(),
        stderr: Buffer.concat(output.stderr).toString(),
        tookMs: performance.now() - startedMs,
      }),
    );
  });
}

/** Packets by capinfos; null when it refuses the file, "unknown-link-type" when for its link type. Of a cut file it says the number and fails. */
function countByCapinfos(path) {
  const { stdout, stderr } = spawnSync("capinfos", ["-c", "-M", "-T", "-r", "-m", path], { encoding: "utf8" });
  if (/network type \d+ unknown or unsupported/.test(stderr)) return "unknown-link-type";
  const count = stdout.trim().split(",").at(-1)?.replaceAll('"', "") ?? "";
  return /^\d+$/.test(count) ? Number(count) : null;
}

/** What is wrong with how a file was read; empty when nothing is. */
async function faultsOf(path) {
  const faults = [];
  const [json, text] = [await run(["read", path, "--format", "json"]), await run(["read", path])];
  for (const { status, stderr, tookMs } of [json, text]) {
    if (status === null) faults.push(`killed after ${Math.round(tookMs)} ms`);
    else if (status > 3) faults.push(`exit status ${status}`);
    if (/^ +at /m.test(stderr)) faults.push(`stack trace: ${stderr.split("\n")[0]}`);
    if (status === 2 && stderr.trim() === "") faults.push("refused without a word");
  }
  if (CONTROL.test(text.stdout.replaceAll("\n", ""))) faults.push("a control character in the text");
  if (json.status !== null && json.status !== 2) {
    const { packets } = JSON.parse(json.stdout).capture;
    const counted = countByCapinfos(path);
    if (counted === "unknown-link-type") unknownLinkTypes++;
    else if (counted !== packets) faults.push(`${packets} packets, capinfos counts ${counted ?? "nothing"}`);
  } else if (json.status === 2) {
    const counted = countByCapinfos(path);
    if (typeof counted === "number" && counted > 0)
      faults.push(`refused (${json.stderr.trim().split("\n")[0]}), capinfos counts ${counted}`);
  }
  return faults;
}

function capturesBelow(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile() && isCapture(join(folder, name)))
    .sort();
}

/** By its name, or by the first bytes of pcap and pcapng. */
function isCapture(path) {
  if (CAPTURE.test(path)) return true;
  const head = readFileSync(path).subarray(0, 4).toString("hex");
  return ["d4c3b2a1", "a1b2c3d4", "4d3cb2a1", "a1b23c4d", "0a0d0d0a", "34cdb2a1", "a1b2cd34"].includes(head);
}

const [folder] = process.argv.slice(2);
if (folder === undefined || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
  process.stderr.write("npm run corpus -- FOLDER: a folder of captures\n");
  process.exit(2);
}
if (spawnSync("capinfos", ["--version"]).error !== undefined) {
  process.stderr.write("capinfos is needed: apt-get install wireshark-common\n");
  process.exit(2);
}
const names = capturesBelow(folder);
const waiting = [...names];
let wrong = 0;
await Promise.all(
  Array.from({ length: WORKERS }, async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const faults = await faultsOf(join(folder, name));
      if (faults.length === 0) continue;
      wrong++;
      process.stdout.write(`${name}: ${faults.join("; ")}\n`);
    }
  }),
);
process.stdout.write(
  `${names.length} captures read, ${wrong} wrong, ${unknownLinkTypes} of link types that capinfos does not know\n`,
);
process.exitCode = wrong === 0 && names.length > 0 ? 0 : 1;
