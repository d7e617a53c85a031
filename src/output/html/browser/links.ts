/** Links into what is folded away: a flow's number looks the flow up in the table, a ladder's opens the ladder. */
import type { TableView } from "./table-view.ts";

export function enableLinks(flows: TableView | undefined): void {
  document.addEventListener("click", ({ target }) => {
    const link = target instanceof Element ? target.closest("a") : null;
    if (link === null) return;
    const flow = link.dataset["flow"];
    if (flow !== undefined) flows?.filter(`flow:${flow}`);
    if (link.hash.startsWith("#ladder-")) openDetails(link.hash.slice(1));
  });
  if (location.hash.startsWith("#ladder-")) openDetails(location.hash.slice(1));
}

function openDetails(id: string): void {
  const details = document.getElementById(id);
  if (details instanceof HTMLDetailsElement) details.open = true;
}
