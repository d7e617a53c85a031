/** One line on a terminal that says how far reading and writing have come; it appears when they take a while and leaves nothing behind. */
import type { OutputStream } from "./io.ts";

/** Milliseconds of silence before the line appears, and between two changes of it. */
const FIRST_AFTER_MS = 400;
const CHANGE_AFTER_MS = 100;

/** Told of bytes as they are read and written. */
export interface Progress {
  /** `total` is null when the end is not known, as on a pipe. */
  update(readBytes: number, totalBytes: number | null): void;
  /** So many bytes were written, once reading is over. */
  wrote(bytes: number): void;
  finish(): void;
}

/** The line when it is wanted and there is a terminal for it. */
export function progressOf(stream: OutputStream, isWanted: boolean): Progress {
  return isWanted && stream.isTTY === true ? progressOn(stream, () => performance.now()) : NO_PROGRESS;
}

/** Says nothing. */
const NO_PROGRESS: Progress = { update: () => {}, wrote: () => {}, finish: () => {} };

/** Progress on `stream`, which is a terminal. `now` gives milliseconds of a steady clock. */
export function progressOn(stream: OutputStream, now: () => number): Progress {
  const startedMs = now();
  let changedMs = startedMs + FIRST_AFTER_MS - CHANGE_AFTER_MS;
  let shown = false;
  const show = (text: (elapsedMs: number) => string): void => {
    const nowMs = now();
    if (nowMs - changedMs < CHANGE_AFTER_MS) return;
    changedMs = nowMs;
    shown = true;
    stream.write(`\r\u001b[2K${text(nowMs - startedMs)}`);
  };
  return {
    update: (readBytes, totalBytes) => show((elapsedMs) => readingText(readBytes, totalBytes, elapsedMs)),
    wrote: (bytes) => show(() => `Writing: ${megabytes(bytes)}`),
    finish() {
      if (shown) stream.write("\r\u001b[2K");
    },
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function readingText(readBytes: number, totalBytes: number | null, elapsedMs: number): string {
  if (totalBytes === null || totalBytes === 0) return `Reading: ${megabytes(readBytes)}`;
  const part = Math.min(1, readBytes / totalBytes);
  const leftSeconds = part > 0 ? Math.ceil((elapsedMs / part - elapsedMs) / 1000) : 0;
  return `Reading: ${Math.floor(part * 100)} % of ${megabytes(totalBytes)}, ${leftSeconds} s left`;
}
