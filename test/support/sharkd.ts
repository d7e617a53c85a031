/** Wireshark without a screen: one process that reads one capture after another, where each start of tshark takes half a second. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

export class Sharkd {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #path = "";
  #loads = 0;
  #nextId = 1;

  constructor() {
    this.#process = spawn("sharkd", ["-"]);
    this.#process.stderr.resume();
    createInterface({ input: this.#process.stdout }).on("line", (line) => {
      const answer: Answer = JSON.parse(line);
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** Of each frame that the filter selects ("" for all): the first value of each field, "" where it has none. */
  async frames(path: string, filter: string, fields: readonly string[]): Promise<string[][]> {
    await this.#load(path);
    const columns = Object.fromEntries(fields.map((field, index) => [`column${index}`, `${field}:1`]));
    // It remembers what a filter selected, and keeps that for the next capture: each capture's filters are written apart.
    const own = filter.padStart(filter.length + this.#loads);
    const { result, error } = await this.#ask("frames", filter === "" ? columns : { ...columns, filter: own });
    if (!Array.isArray(result)) throw new Error(`${path}: ${filter}: ${error?.message}`);
    return result.map(({ c }: { c: string[] }) => c);
  }

  close(): void {
    this.#process.stdin.end();
  }

  async #load(path: string): Promise<void> {
    if (path === this.#path) return;
    this.#path = path;
    this.#loads++;
    // Of a file that is cut it loads what is whole, and gives no answer: the next question's tells that it is done.
    void this.#ask("load", { file: resolve(path) });
    await this.#ask("status", {});
  }

  #ask(method: string, params: object): Promise<Answer> {
    const id = this.#nextId++;
    return new Promise((answered) => {
      this.#waiting.set(id, answered);
      this.#process.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
  }
}

interface Answer {
  id: number;
  result?: unknown;
  error?: { message: string };
}
