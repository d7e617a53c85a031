/** Puts the screen up on a terminal, and takes it down again. */
import type { ReadStream, WriteStream } from "node:tty";
import { render } from "ink";
import type { ReactElement } from "react";
import type { ViewSource } from "../report/view-source.ts";
import { App } from "./app.tsx";
import type { ScreenModel } from "./model.ts";
import { USUAL_PACE } from "./pacer.ts";
import { inkStream, Painter } from "./painter.ts";
import { Store } from "./store.ts";
import { Terminal, type TerminalEnd } from "./terminal.ts";
import { themeFor } from "./theme.ts";

export interface ScreenOptions {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What is looked at: names of captures or NICs. */
  readonly title: string;
  /** Draws with ASCII alone. Left out: as the locale says. */
  readonly ascii?: boolean;
  /** False: no colours. Left out: as the terminal and NO_COLOR say. */
  readonly colour?: boolean;
  /** The screen ends by itself when this settles. */
  readonly until?: Promise<unknown>;
}

/** Why the screen ended: by `q` or Ctrl-C, or by a signal. Whoever asked for the screen ends the process accordingly. */
export type ScreenEnd = "quit" | TerminalEnd;

/** Shows the source until the person leaves. Rejects with a fault of our own, the terminal restored. Does not close the source. */
export async function runScreen(source: ViewSource, options: ScreenOptions): Promise<ScreenEnd> {
  const { stdin, stdout } = options;
  const painter = new Painter(stdout, stdout.columns, stdout.rows);
  let end: ScreenEnd = "quit";
  const terminal = new Terminal(stdin, stdout, {
    onShow: () => painter.show(),
    onHide: () => painter.hide(),
    onResize: (columns, rows) => {
      painter.resize(columns, rows);
      store.resize(columns, rows);
    },
    onEnd: (reason) => leave(reason),
  });
  const store = new Store(source, {
    title: options.title,
    theme: themeFor(options),
    columns: stdout.columns,
    rows: stdout.rows,
    pace: USUAL_PACE,
    draw: (model) => ink.rerender(tree(model)),
    copy: (text) => stdout.write(clipboardSequence(text)),
    quit: () => leave("quit"),
    suspend: () => terminal.suspend(),
  });
  const tree = (model: ScreenModel): ReactElement => <App model={model} onKey={(key) => store.key(key)} />;
  // In Ink's debug mode each frame comes whole and at once; the store paces them and the painter writes what changed.
  const ink = render(tree(store.model), {
    stdout: inkStream(painter),
    stdin,
    debug: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const leave = (reason: ScreenEnd): void => {
    end = reason;
    ink.unmount();
  };
  try {
    terminal.open();
    void options.until?.then(() => leave("quit"));
    await ink.waitUntilExit();
  } finally {
    store.close();
    terminal.close();
    stdin.pause();
  }
  return end;
}

/** Sets the clipboard through the terminal (xterm's OSC 52), which works over SSH too. */
function clipboardSequence(text: string): string {
  return `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`;
}
