/** Output files that are there whole or not at all. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { TextSink } from "../output/form.ts";
import { UsageError } from "./usage-error.ts";

/** What was appended goes to the file in pieces of about so many bytes: a packet each would be a system call each. */
const PIECE_BYTES: number = 256 << 10;

/** Of one UTF-16 code unit. */
const MAX_UTF8_BYTES = 3;

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Writes `path` by way of a file beside it that takes its name at the end, so that a reader never sees a half and a failure leaves
 * what was there. A device or pipe cannot be replaced and is written to directly.
 */
export async function writeOutputFile(path: string, write: (sink: TextSink) => Promise<void>): Promise<void> {
  await writeBinaryFile(path, (append) => write({ write: append }));
}

/** Appends to the file being written. */
export type Append = (data: string | Uint8Array) => Promise<void>;

/** The same for bytes; gives what `write` gives. */
export async function writeBinaryFile<Result>(
  path: string,
  write: (append: Append) => Promise<Result>,
): Promise<Result> {
  if (!(await canBeReplaced(path))) return writeTo(path, "w", write);
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.part`);
  const forget = removeOnSignal(beside);
  try {
    const result = await writeTo(beside, "wx", write);
    await rename(beside, path).catch((error: unknown) => refuse(path, error));
    return result;
  } catch (error) {
    await rm(beside, { force: true });
    throw error instanceof UsageError
      ? new UsageError(error.code, error.message.replace(beside, path), error.hint)
      : error;
  } finally {
    forget();
  }
}

async function writeTo<Result>(
  path: string,
  flags: "w" | "wx",
  write: (append: Append) => Promise<Result>,
): Promise<Result> {
  const file = await open(path, flags).catch((error: unknown) => refuse(path, error));
  const put = (data: string | Uint8Array): Promise<void> =>
    file.appendFile(data).catch((error: unknown) => refuse(path, error));
  try {
    const pieces = new Pieces(put);
    const result = await write((data) => pieces.append(data));
    await pieces.flush();
    return result;
  } finally {
    await file.close();
  }
}

/** Gathers what is appended. */
class Pieces {
  readonly #put: (data: string | Uint8Array) => Promise<void>;
  readonly #piece: Buffer = Buffer.allocUnsafe(PIECE_BYTES);
  #used = 0;

  constructor(put: (data: string | Uint8Array) => Promise<void>) {
    this.#put = put;
  }

  async append(data: string | Uint8Array): Promise<void> {
    const most = typeof data === "string" ? data.length * MAX_UTF8_BYTES : data.length;
    if (most > PIECE_BYTES - this.#used) await this.flush();
    if (most > PIECE_BYTES) return this.#put(data);
    if (typeof data === "string") this.#used += this.#piece.write(data, this.#used);
    else {
      this.#piece.set(data, this.#used);
      this.#used += data.length;
    }
  }

  async flush(): Promise<void> {
    if (this.#used === 0) return;
    const whole = this.#piece.subarray(0, this.#used);
    this.#used = 0;
    await this.#put(whole);
  }
}

/** True for a regular file and for a name that is free. */
async function canBeReplaced(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory() === true) throw new UsageError("output-is-directory", `${path} is a directory`);
  return there === null || there.isFile();
}

function refuse(path: string, error: unknown): never {
  const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
  throw new UsageError("output-not-writable", `cannot write ${path}: ${REASONS[reason] ?? reason}`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "its directory does not exist",
  EACCES: "permission denied",
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
};

/** A signal while writing removes the unfinished file and then does what it would have done. */
function removeOnSignal(path: string): () => void {
  const end = (signal: NodeJS.Signals): void => {
    rmSync(path, { force: true });
    forget();
    process.kill(process.pid, signal);
  };
  const forget = (): void => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  return forget;
}
