/** Which body is on show. */
import type { Body } from "./body.ts";
import type { ScreenModel } from "./model.ts";
import { anomaliesBody } from "./panels/anomalies.ts";
import { anomalyBody } from "./panels/anomaly.ts";
import { captureBody } from "./panels/capture.ts";
import { dhcpBody, probeBody } from "./panels/exchange-pages.ts";
import { flowBody } from "./panels/flow.ts";
import { helpBody } from "./panels/help.ts";
import { nicsBody } from "./panels/nics.ts";
import { packetBody } from "./panels/packet.ts";
import { tableBody } from "./panels/table.ts";
import { isTable, type Page, type ViewId } from "./state.ts";

/** Columns before each item, for the cursor. */
const CURSOR_COLUMNS = 2;

export function bodyOf(model: ScreenModel): Body {
  const { state } = model;
  const columns = state.columns - CURSOR_COLUMNS;
  const page = state.pages.at(-1)?.page;
  return page === undefined ? viewBody(state.view, model, columns) : pageBody(page, model, columns);
}

function viewBody(view: ViewId, model: ScreenModel, columns: number): Body {
  if (isTable(view)) return tableBody(view, model, columns);
  switch (view) {
    case "anomalies":
      return anomaliesBody(model, columns);
    case "nics":
      return nicsBody(model, columns);
    case "capture":
      return captureBody(model, columns);
    default:
      return view satisfies never;
  }
}

function pageBody(page: Page, model: ScreenModel, columns: number): Body {
  switch (page.kind) {
    case "anomaly":
      return anomalyBody(page.key, model, columns);
    case "flow":
      return flowBody(page.id, model, columns);
    case "dhcp":
      return dhcpBody(page.exchange, model, columns);
    case "probe":
      return probeBody(page.series, model, columns);
    case "packet":
      return packetBody(page.packet, model);
    case "help":
      return helpBody();
    default:
      return page satisfies never;
  }
}
