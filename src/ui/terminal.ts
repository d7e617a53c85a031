/**
 * Owns the terminal while the screen is up: raw mode, the alternate screen and the cursor. Gives it back on every way out: the end of the
 * screen, an error that nobody caught, a signal, the process's exit, and Ctrl-Z until `fg`.
 */
import type { EventEmitter } from "node:events";
import type { ReadStream, WriteStream } from "node:tty";

/** Alternate screen with the cursor saved (xterm's 1049), cursor hidden, and bracketed paste off. */
const ENTER = "\u001b[?1049h\u001b[?25l\u001b[0m";
const LEAVE = "\u001b[0m\u001b[?25h\u001b[?1049l";

/** Why a screen ended by itself. */
export type TerminalEnd = "interrupt" | "terminate" | "hangup";

const ENDING_SIGNALS: readonly (readonly [NodeJS.Signals, TerminalEnd])[] = [
  ["SIGINT", "interrupt"],
  ["SIGTERM", "terminate"],
  ["SIGHUP", "hangup"],
];

/** What the terminal tells its user. */
export interface TerminalListener {
  /** The terminal is ours, and empty: at the start, and after a suspension. */
  onShow(): void;
  /** It is about to be given back. */
  onHide(): void;
  onResize(columns: number, rows: number): void;
  /** A signal asks to end, or the terminal is gone. */
  onEnd(reason: TerminalEnd): void;
}

/** The terminal, from `open` to `close`. */
export class Terminal {
  readonly #stdin: ReadStream;
  readonly #stdout: WriteStream;
  readonly #listener: TerminalListener;
  readonly #suspend = (): void => this.suspend();
  readonly #forget: (() => void)[] = [];
  #ours = false;
  #open = false;

  constructor(stdin: ReadStream, stdout: WriteStream, listener: TerminalListener) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#listener = listener;
  }

  open(): void {
    this.#open = true;
    const giveBack = (): void => this.#giveBack();
    const take = (): void => this.#take();
    const resized = (): void => this.#listener.onResize(this.#stdout.columns, this.#stdout.rows);
    const gone = (): void => this.#listener.onEnd("hangup");
    for (const [signal, reason] of ENDING_SIGNALS) this.#listen(process, signal, () => this.#listener.onEnd(reason));
    this.#listen(process, "SIGTSTP", this.#suspend);
    this.#listen(process, "SIGCONT", take);
    this.#listen(process, "exit", giveBack);
    this.#listen(process, "uncaughtExceptionMonitor", giveBack); // before the error is printed
    this.#listen(this.#stdout, "resize", resized);
    this.#listen(this.#stdout, "error", gone);
    this.#listen(this.#stdin, "error", gone);
    this.#listen(this.#stdin, "end", gone);
    this.#take();
  }

  /** Stops the whole job, as the terminal's own Ctrl-Z would. Comes back with `fg`, or at once where nothing controls jobs. */
  suspend(): void {
    if (!this.#open) return;
    this.#giveBack();
    process.off("SIGTSTP", this.#suspend); // without a listener the signal stops the process
    process.kill(0, "SIGTSTP");
    setImmediate(() => {
      if (!this.#open) return;
      process.on("SIGTSTP", this.#suspend);
      this.#take();
    });
  }

  close(): void {
    this.#open = false;
    this.#giveBack();
    for (const forget of this.#forget.splice(0)) forget();
  }

  #take(): void {
    if (!this.#open) return;
    this.#stdin.setRawMode?.(true);
    this.#stdout.write(ENTER);
    this.#ours = true;
    this.#listener.onResize(this.#stdout.columns, this.#stdout.rows);
    this.#listener.onShow();
  }

  #giveBack(): void {
    if (!this.#ours) return;
    this.#ours = false;
    this.#listener.onHide();
    try {
      this.#stdin.setRawMode?.(false);
      this.#stdout.write(LEAVE);
    } catch {
      // The terminal is gone: nothing is left to be restored.
    }
  }

  #listen(emitter: EventEmitter, event: string, listener: () => void): void {
    emitter.on(event, listener);
    this.#forget.push(() => emitter.off(event, listener));
  }
}
