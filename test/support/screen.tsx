/** A screen without a terminal: keys go in, frames come out. */
import { stripVTControlCharacters } from "node:util";
import { render } from "ink-testing-library";
import type { ReactElement } from "react";
import type { ViewSource } from "../../src/report/view-source.ts";
import { App } from "../../src/ui/app.tsx";
import type { ScreenModel } from "../../src/ui/model.ts";
import type { Pace } from "../../src/ui/pacer.ts";
import { Store } from "../../src/ui/store.ts";
import { themeFor } from "../../src/ui/theme.ts";

const NO_WAITING: Pace = { keyMs: 0, newsMs: 0, pullMs: 0, waitMs: 0 };
const COLOURS = { LANG: "C.UTF-8", TERM: "xterm-256color" };

export interface ScreenSetup {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly title?: string;
}

export interface TestScreen {
  readonly store: Store;
  /** Types the keys one after the other, each answered before the next. */
  press(...keys: string[]): Promise<void>;
  /** As it stands, with escape sequences. */
  painted(): string;
  /** The same as plain text. */
  frame(): string;
  readonly copied: string[];
  readonly asked: string[];
  close(): void;
}

export async function openScreen(source: ViewSource, setup: ScreenSetup = {}): Promise<TestScreen> {
  const copied: string[] = [];
  const asked: string[] = [];
  const store = new Store(source, {
    title: setup.title ?? "vm.pcapng",
    theme: themeFor({ env: setup.env ?? COLOURS }),
    columns: setup.columns ?? 80,
    rows: setup.rows ?? 24,
    pace: NO_WAITING,
    draw: (model) => ink.rerender(tree(model)),
    copy: (text) => copied.push(text),
    quit: () => asked.push("quit"),
    suspend: () => asked.push("suspend"),
  });
  const tree = (model: ScreenModel): ReactElement => <App model={model} onKey={(key) => store.key(key)} />;
  const ink = render(tree(store.model));
  Object.defineProperty(ink.stdout, "columns", { get: () => store.model.state.columns });
  const painted = (): string => ink.lastFrame() ?? "";
  await answered();
  return {
    store,
    async press(...keys) {
      for (const key of keys) {
        ink.stdin.write(key);
        await answered();
      }
    },
    painted,
    frame: () => stripVTControlCharacters(painted()),
    copied,
    asked,
    close() {
      store.close();
      ink.unmount();
    },
  };
}

/** Lets answers of the source and frames come: timers of no time, a few in a row. */
async function answered(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
}
