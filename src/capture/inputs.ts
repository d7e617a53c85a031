/** What the names on a command line stand for: files, named pipes, directories of captures, and "-" for standard input. */
import { createReadStream, type Dirent, fstatSync, open, readdirSync, type Stats, statSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { isMainThread } from "node:worker_threads";
import { safeString } from "../bytes/text.ts";
import { InputError } from "./input-error.ts";
import { openFile, unreadable } from "./open.ts";

/** Another thread than the main one has no stream of its own for standard input, and reads the descriptor itself. */
const STDIN_FD = 0;

/** One source to be. */
export interface Input {
  /** As the user gave it, or the directory as given and the file's name. */
  name: string;
  kind: "file" | "pipe" | "stdin";
  /** Size of a file; 0 for what has none. */
  bytes: number;
}

/** Finds the sources behind `names`, in their order; a directory's captures by name. Throws an `InputError` for what cannot be used. */
export async function findInputs(names: readonly string[]): Promise<Input[]> {
  if (names.filter((name) => name === "-").length > 1) {
    throw new InputError("stdin-twice", "Standard input (-) can be read only once");
  }
  const inputs: Input[] = [];
  for (const name of names) {
    if (name === "-") {
      inputs.push({ name, kind: "stdin", bytes: 0 });
      continue;
    }
    const stats = statusOf(name);
    if (stats.isDirectory()) inputs.push(...(await capturesIn(name)));
    else inputs.push({ name, kind: stats.isFile() ? "file" : "pipe", bytes: stats.size });
  }
  return inputs;
}

/** The stream of an input that is no plain file. A named pipe waits here for its writer. */
export async function streamOf(input: Input): Promise<Readable> {
  if (input.kind === "stdin") {
    if (!isMainThread) return streamOfDescriptor(STDIN_FD, "-");
    if (!process.stdin.isTTY) return process.stdin;
    const hint = "Pipe a capture into it: tcpdump -w - host 168.63.129.16 | vipscope read -";
    throw new InputError("not-readable", "Standard input is a terminal", hint);
  }
  try {
    return streamOfDescriptor(await openDescriptor(input.name, "r"), input.name);
  } catch (error) {
    throw unreadable(input.name, error);
  }
}

/** A socket reads a pipe without holding up the end of the process; a device is read like a file. */
function streamOfDescriptor(fd: number, name: string): Readable {
  return fstatSync(fd).isFIFO()
    ? new Socket({ fd, readable: true, writable: false })
    : createReadStream(name, { fd, autoClose: fd !== STDIN_FD });
}

const openDescriptor: (path: string, flags: string) => Promise<number> = promisify(open);

function statusOf(name: string): Stats {
  try {
    return statSync(name);
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** The captures in a directory, found by their first bytes. Everything else in it is left alone. */
async function capturesIn(directory: string): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const name of plainFilesIn(directory)) {
    const path = join(directory, name);
    const bytes = await captureBytes(path);
    if (bytes !== null) inputs.push({ name: path, kind: "file", bytes });
  }
  if (inputs.length > 0) return inputs;
  throw new InputError("no-captures", `${safeString(directory)}: no capture in this directory`);
}

function plainFilesIn(directory: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    throw unreadable(directory, error);
  }
  const isPlain = (entry: Dirent): boolean =>
    entry.isFile() ||
    (entry.isSymbolicLink() && statSync(join(directory, entry.name), { throwIfNoEntry: false })?.isFile() === true);
  const names = entries.filter(isPlain).map((entry) => entry.name);
  return names.sort((one, other) => (one < other ? -1 : 1));
}

/** The size of a capture; null when the file is none. */
async function captureBytes(path: string): Promise<number | null> {
  try {
    const source = await openFile(path, 0, { base: { seconds: null }, filterFor: () => null, blockBytes: 1 << 12 });
    source.close();
    return source.facts.totalBytes ?? 0;
  } catch (error) {
    if (error instanceof InputError && error.code !== "not-readable") return null;
    throw error;
  }
}
