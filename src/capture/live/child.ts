/** Capture children: started here, or by a process that kept the privilege to do so. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { totalmem } from "node:os";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { MAX_CHILD_LINES } from "../../limits.ts";
import { type Backend, captureCommand, kernelBufferBytes } from "./backends.ts";

/** What is to be captured, and how. */
export interface CaptureRequest {
  backend: Backend;
  interface: string;
  /** In the language of pcap-filter(7). */
  filter: string;
}

/** How a child ended. */
export interface ChildEnd {
  code: number | null;
  signal: string | null;
}

/** A child that captures: its standard output is a pcap or pcapng stream. */
export interface CaptureChild {
  /** Null when it could not be started. */
  readonly pid: number | null;
  readonly stream: Readable;
  /** Settles when the process is gone. Its stream may still hold bytes. */
  readonly ended: Promise<ChildEnd>;
  /** The latest lines of its standard error. */
  readonly messages: readonly string[];
  /** Called with each line of its standard error as it comes. */
  set onMessage(use: (line: string) => void);
  /** Called when as much of it waits for the analyser as may, so that the child must wait too, and when it goes on; with the instant, in milliseconds since 1970. */
  set onHeld(use: (isFull: boolean, atMs: number) => void);
  signal(name: NodeJS.Signals): void;
  /** Asks it to end: what it still holds comes first. */
  stop(): void;
}

/** Starts children. */
export interface ChildStarter {
  start(request: CaptureRequest): Promise<CaptureChild>;
  close(): void;
}

/** The built file of the project's own child, beside this one. */
const CAP_CHILD: string = fileURLToPath(new URL("./cap-child.js", import.meta.url));

/** Starts children of this process. */
export class DirectStarter implements ChildStarter {
  start(request: CaptureRequest): Promise<CaptureChild> {
    return Promise.resolve(startChild(request));
  }

  close(): void {}
}

/** Memory of the kernel's buffers of all children that run. */
let buffersBytes = 0;

/** Starts a child of this process. */
export function startChild(request: CaptureRequest): CaptureChild {
  return new DirectChild(request);
}

class DirectChild implements CaptureChild {
  readonly stream: Readable;
  readonly ended: Promise<ChildEnd>;
  readonly messages: string[] = [];
  onMessage: (line: string) => void = () => {};
  /** Never called: nothing stands between the child and its reader. */
  onHeld: (isFull: boolean, atMs: number) => void = () => {};
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #isCap: boolean;

  constructor({ backend, interface: name, filter }: CaptureRequest) {
    const bufferBytes = kernelBufferBytes(totalmem(), buffersBytes);
    buffersBytes += bufferBytes;
    const [program = "", ...words] = captureCommand(backend, name, filter, bufferBytes, CAP_CHILD);
    // In a group of its own: Ctrl-C is for the analyser, which ends its children when it has taken in what they hold.
    const child = spawn(program, words, { stdio: ["pipe", "pipe", "pipe"], detached: true });
    this.#process = child;
    this.#isCap = backend.name === "cap";
    this.stream = child.stdout;
    const lastWords = new Promise((resolve) => {
      child.stderr.on("close", resolve);
    });
    this.ended = new Promise((resolve) => {
      child.on("error", () => resolve({ code: null, signal: null }));
      // What it said last comes after its end.
      child.on("exit", (code, signal) => void lastWords.then(() => resolve({ code, signal })));
    });
    void this.ended.then(() => {
      buffersBytes -= bufferBytes;
    });
    child.stdin.on("error", () => {});
    gatherLines(child.stderr, (line) => {
      noteLine(this.messages, line);
      this.onMessage(line);
    });
  }

  get pid(): number | null {
    return this.#process.pid ?? null;
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  stop(): void {
    if (this.#isCap) this.#process.stdin.end();
    else this.#process.kill("SIGINT");
  }
}

/** Calls `use` with each line of a text stream. */
export function gatherLines(stream: Readable, use: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("error", () => {});
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = (lines.pop() ?? "").slice(-MAX_LINE_CHARACTERS);
    for (const line of lines) if (line !== "") use(line.slice(0, MAX_LINE_CHARACTERS));
  });
  stream.on("end", () => {
    if (rest !== "") use(rest);
  });
}

/** Keeps the latest lines. */
export function noteLine(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > MAX_CHILD_LINES) lines.shift();
}

const MAX_LINE_CHARACTERS = 1000;
