/** Puts the screen on the terminal for a source, and afterwards leaves what a person wants to find above their prompt: the answer in a line. */
import { openSync } from "node:fs";
import { ReadStream, type WriteStream } from "node:tty";
import { headlineText } from "../output/text/headline.ts";
import { ANSI_PAINT, NO_PAINT } from "../output/text/paint.ts";
import type { HeadlineSource } from "../report/headline.ts";
import type { ViewSource } from "../report/view-source.ts";
import { type Io, wantsColour } from "./io.ts";

/** The terminal that the process was started from, whatever its standard streams are. */
const TERMINAL = "/dev/tty";

/** A terminal to draw on, and one to take keys from. */
export interface ScreenTerminal {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  /** Lets go of what was opened for it. */
  close(): void;
}

/** How a screen ended: by a key, or by a signal that is to end the process too. */
export type ScreenEnd = "quit" | NodeJS.Signals;

/**
 * The terminal of this process; null when there is none that a screen can be shown on. When standard input is what is read, keys come from
 * the terminal itself.
 */
export function screenTerminal(io: Io, stdinIsInput: boolean): ScreenTerminal | null {
  const { stdout } = process;
  if (io.stdout !== stdout || stdout.isTTY !== true || io.env["TERM"] === "dumb") return null;
  if (!stdinIsInput) {
    const { stdin } = process;
    // It would hold up the end of the process.
    return stdin.isTTY === true ? { stdin, stdout, close: () => stdin.unref() } : null;
  }
  try {
    const stdin = new ReadStream(openSync(TERMINAL, "r"));
    return { stdin, stdout, close: () => stdin.destroy() };
  } catch {
    return null;
  }
}

/** Shows the screen until the person leaves, or `until` settles. */
export async function showScreen(
  source: ViewSource,
  { stdin, stdout }: ScreenTerminal,
  title: string,
  io: Io,
  until?: Promise<unknown>,
): Promise<ScreenEnd> {
  const { runScreen } = await import("../ui/screen.tsx");
  const end = await runScreen(source, { stdin, stdout, env: io.env, title, ...(until === undefined ? {} : { until }) });
  return SIGNALS[end];
}

const SIGNALS = { quit: "quit", interrupt: "SIGINT", terminate: "SIGTERM", hangup: "SIGHUP" } as const;

/** Prints the answer, as the text report begins, and a note when there is one. */
export function printHeadline(report: HeadlineSource, note: string | null, io: Io): void {
  const paint = wantsColour(io.stdout, io.env) ? ANSI_PAINT : NO_PAINT;
  io.stdout.write(`${headlineText(report, paint, io.stdout.columns)}\n${note === null ? "" : `${note}\n`}`);
}
