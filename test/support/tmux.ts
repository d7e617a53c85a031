/** A real terminal for tests: tmux with a server of its own, which draws what programs write and can be read and typed into. */
import { execFileSync, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 40;
const PATIENCE_MS = 15_000;

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** A command before the shell, such as one that enters a namespace. */
  readonly inside?: readonly string[];
}

let terminals = 0;

/** One terminal with a shell in it. */
export class TestTerminal {
  readonly #server = `vipscope-test-${process.pid}-${terminals++}`;

  constructor({ columns = 80, rows = 24, env = {}, inside = [] }: TerminalOptions = {}) {
    const usual = { PS1: "$ ", TERM: "tmux-256color", LC_ALL: "C.UTF-8", ...env };
    const words = Object.entries(usual).map(([name, value]) => `${name}=${value}`);
    const shell = [
      ...inside,
      "env",
      "-u",
      "NO_COLOR",
      "-u",
      "FORCE_COLOR",
      "-u",
      "CI",
      ...words,
      "bash",
      "--norc",
      "--noprofile",
    ];
    this.#tmux("-f", "/dev/null", "new-session", "-d", "-x", String(columns), "-y", String(rows), shell.join(" "));
  }

  /** Types keys as tmux names them: "Enter", "C-c", "q". */
  keys(...keys: string[]): void {
    this.#tmux("send-keys", ...keys);
  }

  /** Types a command line and Enter. */
  run(line: string): void {
    this.#tmux("send-keys", "-l", line);
    this.keys("Enter");
  }

  resize(columns: number, rows: number): void {
    this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** What is on the terminal, line by line, without trailing spaces; with `escapes`, with its colours. */
  screen(escapes = false): string {
    return this.#tmux("capture-pane", "-p", ...(escapes ? ["-e"] : [])).trimEnd();
  }

  /** What tmux knows of the terminal, such as "alternate_on" and "cursor_flag". */
  state(format: string): string {
    return this.#tmux("display-message", "-p", `#{${format}}`).trim();
  }

  /** Waits until the terminal shows the text. */
  async shows(wanted: string | RegExp): Promise<string> {
    const isThere = (screen: string): boolean =>
      typeof wanted === "string" ? screen.includes(wanted) : wanted.test(screen);
    return this.#until(`${wanted}`, () => this.screen(), isThere);
  }

  /** Waits until tmux knows this of the terminal. */
  async becomes(format: string, wanted: string): Promise<void> {
    await this.#until(
      `${format} ${wanted}`,
      () => this.state(format),
      (state) => state === wanted,
    );
  }

  async #until(wanted: string, look: () => string, isThere: (seen: string) => boolean): Promise<string> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const seen = look();
      if (isThere(seen)) return seen;
      if (performance.now() > until) throw new Error(`${wanted} never came:\n${this.screen()}`);
      await sleep(LOOK_MS);
    }
  }

  close(): void {
    spawnSync("tmux", ["-L", this.#server, "kill-server"], { stdio: "ignore" });
  }

  #tmux(...words: string[]): string {
    return execFileSync("tmux", ["-L", this.#server, ...words], { encoding: "utf8" });
  }
}
