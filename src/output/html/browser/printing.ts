/** Paper shows what a click would show: ladders and tables open, rows without a window. Afterwards all is as it was. */
import type { TableView } from "./table-view.ts";

export function enablePrinting(views: readonly TableView[]): void {
  let opened: HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll<HTMLDetailsElement>("details:not([open])")];
    for (const details of opened) details.open = true;
    for (const view of views) view.print(true);
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    for (const view of views) view.print(false);
  });
}
