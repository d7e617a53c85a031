/** Programs of the system that tests ask: fixed words, no shell, a time-out, and a bound on what they may say. */
import { execFile } from "node:child_process";
import { MAX_COMMAND_OUTPUT_BYTES } from "../limits.ts";

/** What a program said. */
export interface CommandOutcome {
  /** It is not installed. */
  missing: boolean;
  /** Null when it was missing, was ended for taking too long, or said too much. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. Never rejects. */
export type RunCommand = (program: string, words: readonly string[], timeoutMs: number) => Promise<CommandOutcome>;

/** Folders of programs for the administrator, which a user's PATH may not name. */
const MORE_FOLDERS = "/usr/sbin:/sbin:/usr/local/sbin:/usr/bin:/bin";

export const runCommand: RunCommand = (program, words, timeoutMs) => {
  const env = { ...process.env, LC_ALL: "C", PATH: `${process.env["PATH"] ?? ""}:${MORE_FOLDERS}` };
  return new Promise((resolve) => {
    execFile(
      program,
      [...words],
      { env, timeout: timeoutMs, killSignal: "SIGKILL", maxBuffer: MAX_COMMAND_OUTPUT_BYTES, windowsHide: true },
      (error, stdout, stderr) => {
        const code = error?.code;
        const status = error === null ? 0 : typeof code === "number" ? code : null;
        resolve({ missing: code === "ENOENT", status, stdout, stderr });
      },
    );
  });
};

/** The JSON that a program wrote; null when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
