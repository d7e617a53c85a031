/** What fills the middle of the screen: fixed lines, and items to move among. A table knows its number of rows and makes only those shown. */
import type { Line } from "./parts/line.ts";
import type { Page } from "./state.ts";

/** What an item leads to. */
export interface Target {
  /** Opened by Enter. */
  readonly page: Page | null;
  /** Copied by `y`. */
  readonly copy: { readonly text: string; readonly what: string } | null;
}

export interface Item {
  readonly lines: readonly Line[];
  /** Null for text that is only read. */
  readonly target: Target | null;
  /** `n` and `N` go from one to the next. */
  readonly notable: boolean;
}

export interface Body {
  readonly head: readonly Line[];
  readonly count: number;
  /** Lines of each item. */
  readonly itemLines: number;
  /** Null for a row that has not come yet. */
  item(index: number): Item | null;
  /** Shown when there is no item. */
  readonly empty: readonly Line[];
}

/** Text to be read, with places in it that lead on. */
export function documentBody(items: readonly Item[], head: readonly Line[] = []): Body {
  return { head, count: items.length, itemLines: 1, item: (index) => items[index] ?? null, empty: [] };
}

/** Lines that are only read. */
export function reading(lines: readonly Line[]): Item[] {
  return lines.map((line) => ({ lines: [line], target: null, notable: false }));
}
