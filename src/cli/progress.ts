/** One line on a terminal that says how far reading has come; it appears when reading takes a while and leaves nothing behind. */
import type { OutputStream } from "./io.ts";

/** Milliseconds of silence before the line appears, and between two changes of it. */
const FIRST_AFTER_MS = 400;
const CHANGE_AFTER_MS = 100;

/** Told of bytes as they are read. */
export interface Progress {
  /** `total` is null when the end is not known, as on a pipe. */
  update(readBytes: number, totalBytes: number | null): void;
  finish(): void;
}

/** Says nothing. */
export const NO_PROGRESS: Progress = { update: () => {}, finish: () => {} };

/** Progress on `stream`, which is a terminal. `now` gives milliseconds of a steady clock. */
export function progressOn(stream: OutputStream, now: () => number): Progress {
  const startedMs = now();
  let changedMs = startedMs + FIRST_AFTER_MS - CHANGE_AFTER_MS;
  let shown = false;
  return {
    update(readBytes, totalBytes) {
      const nowMs = now();
      if (nowMs - changedMs < CHANGE_AFTER_MS) return;
      changedMs = nowMs;
      shown = true;
      stream.write(`\r\u001b[2K${progressText(readBytes, totalBytes, nowMs - startedMs)}`);
    },
    finish() {
      if (shown) stream.write("\r\u001b[2K");
    },
  };
}

function progressText(readBytes: number, totalBytes: number | null, elapsedMs: number): string {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  if (totalBytes === null || totalBytes === 0) return `Reading: ${megabytes(readBytes)}`;
  const part = Math.min(1, readBytes / totalBytes);
  const leftSeconds = part > 0 ? Math.ceil((elapsedMs / part - elapsedMs) / 1000) : 0;
  return `Reading: ${Math.floor(part * 100)} % of ${megabytes(totalBytes)}, ${leftSeconds} s left`;
}
