/** The page's script: makes tables of the data in the page. Without it the page still says all but the rows. */
import type { TableData } from "../table-data.ts";
import { enableCopying } from "./copy.ts";
import { enableLinks } from "./links.ts";
import { PageTable } from "./page-table.ts";
import { enablePrinting } from "./printing.ts";
import { TableView } from "./table-view.ts";
import { enableTheme } from "./theme.ts";

const views = new Map<string, TableView>();
for (const place of document.querySelectorAll<HTMLElement>("[data-table]")) {
  const id = place.dataset["table"] ?? "";
  const data: TableData = JSON.parse(document.getElementById(`${id}-data`)?.textContent ?? "");
  const title = document.getElementById(`${id}-title`)?.firstChild?.textContent?.trim() ?? id;
  views.set(id, new TableView(place, new PageTable(data), title));
}
enableCopying();
enableTheme();
enableLinks(views.get("flows"));
enablePrinting([...views.values()]);
