/** Runs the built command line. */
import { spawn, spawnSync } from "node:child_process";
import { Writable } from "node:stream";
import { run } from "../../src/cli/run.ts";

const BIN = "bin/vipscope.js";

export interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs it to its end, without a terminal. */
export function vipscope(words: readonly string[], input?: Uint8Array, env: Record<string, string> = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...words], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: "1", ...env },
    ...(input === undefined ? {} : { input }),
  });
  return { status, stdout, stderr };
}

/** A stream that keeps what is written to it. */
export function gatheringStream(): { stream: Writable; text: () => string } {
  let text = "";
  const stream = new Writable({
    write: (chunk, _, done) => {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

/** Runs a command line in this process, without a terminal, which spares the start. */
export async function vipscopeHere(...words: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [gatheringStream(), gatheringStream()];
  const status = await run(words, { stdout: stdout.stream, stderr: stderr.stream, env: {} });
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

/** Runs it with standard input given in pieces, each written when the one before was taken. */
export async function vipscopePiped(words: readonly string[], pieces: Iterable<Uint8Array>): Promise<Run> {
  const child = spawn(process.execPath, [BIN, ...words], { env: { ...process.env, NO_COLOR: "1" } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  for (const piece of pieces) {
    await new Promise<void>((resolve) => {
      child.stdin.write(piece, () => resolve());
    });
  }
  child.stdin.end();
  return { status: await ended, stdout, stderr };
}
