/**
 * Puts frames on the terminal. Ink hands over each frame whole; only lines that differ from what stands there are written, each at its own
 * place, between the marks of a synchronized update, so that nothing scrolls, flickers or is drawn twice.
 */
import { EventEmitter } from "node:events";
import type { WriteStream } from "node:tty";
import stringWidth from "string-width";

/** Begin and end of a synchronized update; terminals that do not know it ignore it. */
const BEGIN_UPDATE = "\u001b[?2026h";
const END_UPDATE = "\u001b[?2026l";
/** Erase in display, all of it. */
const ERASE_ALL = "\u001b[2J";
/** Erase in line, from the cursor to the end. */
const ERASE_REST = "\u001b[K";

/** What is written to: the terminal's stream, or a test's. */
export interface ScreenOutput {
  write(text: string): boolean;
}

/** Ink's standard output: takes frames, and tells the width that they are laid out in. */
export class Painter extends EventEmitter {
  columns: number;
  rows: number;
  readonly #output: ScreenOutput;
  #shown: readonly string[] = [];
  #frame = "";
  #whole = true;
  #visible = false;

  constructor(output: ScreenOutput, columns: number, rows: number) {
    super();
    this.#output = output;
    this.columns = columns;
    this.rows = rows;
  }

  /** Called by Ink with a whole frame. */
  write(frame: string): boolean {
    this.#frame = frame;
    this.#paint();
    return true;
  }

  /** The terminal is ours from now on, and holds nothing that we know of. */
  show(): void {
    this.#visible = true;
    this.#whole = true;
    this.#paint();
  }

  /** The terminal is somebody else's. Frames are kept, and not written. */
  hide(): void {
    this.#visible = false;
  }

  /** What stands on the terminal moved with its size: everything is written again with the next frame. */
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.#whole = true;
  }

  #paint(): void {
    if (!this.#visible || this.#frame === "") return;
    const lines = this.#frame.split("\n").slice(0, this.rows);
    const text = (this.#whole ? ERASE_ALL : "") + this.#changes(lines);
    this.#shown = lines;
    this.#whole = false;
    if (text !== "") this.#output.write(BEGIN_UPDATE + text + END_UPDATE);
  }

  #changes(lines: readonly string[]): string {
    let text = "";
    const last = this.#whole ? lines.length : Math.max(lines.length, this.#shown.length);
    for (let row = 0; row < last; row++) {
      const line = lines[row] ?? "";
      if (line === (this.#whole ? "" : this.#shown[row])) continue;
      // After the last column the cursor waits on it, and erasing would take that character away.
      text += `\u001b[${row + 1};1H${line}${stringWidth(line) < this.columns ? ERASE_REST : ""}`;
    }
    return text;
  }
}

/** The painter where a terminal's stream is asked for. Ink uses of it what the painter has: `write`, `columns`, `rows` and events. */
export function inkStream(painter: Painter): WriteStream {
  return painter as unknown as WriteStream;
}
