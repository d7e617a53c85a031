/** Output files that are there whole or not at all. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { access, constants, lstat, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { safeString } from "../bytes/text.ts";
import { reasonOf } from "../capture/file-fault.ts";
import type { TextSink } from "../output/form.ts";
import { UsageError } from "../settings/usage-error.ts";
import { streamSink } from "./stream-sink.ts";

/** What was appended goes to the file in pieces of about so many bytes: a packet each would be a system call each. */
const PIECE_BYTES: number = 256 << 10;

/** Of one UTF-16 code unit. */
const MAX_UTF8_BYTES = 3;

/** Standard output, as it is written for an output file. */
export const STANDARD_OUTPUT = "-";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Writes `path` by way of a file beside it that takes its name at the end, so that a reader never sees a half and a failure leaves
 * what was there. A device or pipe cannot be replaced and is written to directly. "-" is standard output.
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
  if (path === STANDARD_OUTPUT) return write(streamSink(process.stdout).write);
  const replaced = await replacedBy(path);
  // What was there before in the file that standard output goes to is not ours.
  if (replaced === null) return writeTo(path, "a", write);
  const beside = join(dirname(replaced), `.${basename(replaced)}.${randomBytes(6).toString("hex")}.part`);
  const forget = removeOnSignal(beside);
  try {
    const result = await writeTo(beside, "wx", write);
    await rename(beside, replaced).catch((error: unknown) => refuse(path, error));
    return result;
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error instanceof UsageError
      ? new UsageError(error.code, error.message.replace(beside, path), error.hint)
      : error;
  } finally {
    forget();
  }
}

async function writeTo<Result>(
  path: string,
  flags: "a" | "wx",
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

/** The file that gets the new content: a link's target, so that the link stays. Null for what can only be written to. */
async function replacedBy(path: string): Promise<string | null> {
  const there = await stat(path).catch(() => null);
  if (there?.isDirectory() === true) throw new UsageError("output-is-directory", `${safeString(path)} is a directory`);
  if (there === null) return path;
  const isLink = (await lstat(path)).isSymbolicLink();
  // /dev/stdout and its like are links to a file, yet that file is open already, and the link is the system's.
  if (!there.isFile() || (isLink && /^\/(dev|proc)\//.test(resolve(path)))) return null;
  return isLink ? realpath(path) : path;
}

/** Refuses a path that cannot be written, before work is done whose result would be lost. `inPlace`: no new file takes its place. */
export async function requireWritable(path: string, { inPlace = false }: { inPlace?: boolean } = {}): Promise<void> {
  if (path === STANDARD_OUTPUT) return;
  const replaced = await replacedBy(path);
  const isThere = replaced === null || (inPlace && (await stat(path).catch(() => null)) !== null);
  await access(isThere ? path : dirname(replaced), constants.W_OK).catch((error: unknown) => refuse(path, error));
}

/** Refuses a path that is one of the captures: what was captured cannot be had again. */
export async function refuseCapture(path: string, sources: readonly { readonly name: string }[]): Promise<void> {
  const output = await stat(path).catch(() => null);
  if (output?.isFile() !== true) return;
  for (const { name } of sources) {
    const source = await stat(name).catch(() => null);
    if (source === null || source.dev !== output.dev || source.ino !== output.ino) continue;
    const what = `${safeString(path)} is the capture itself, and would be lost`;
    throw new UsageError("output-is-capture", what, "Give --output another name.");
  }
}

function refuse(path: string, error: unknown): never {
  throw new UsageError("output-not-writable", `cannot write ${safeString(path)}: ${reasonOf(error)}`);
}

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
