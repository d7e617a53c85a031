/** Which body is on show. */
import { type Body, documentBody } from "./body.ts";
import type { ScreenModel } from "./model.ts";
import { anomaliesBody } from "./panels/anomalies.ts";
import { isTable, type Page, type ViewId } from "./state.ts";

export function bodyOf(model: ScreenModel): Body {
  const { state } = model;
  const page = state.pages.at(-1)?.page;
  return page === undefined ? viewBody(state.view, model) : pageBody(page, model);
}

function viewBody(view: ViewId, model: ScreenModel): Body {
  // Two columns stand before each item for the cursor.
  const columns = model.state.columns - 2;
  if (isTable(view)) return documentBody([]);
  switch (view) {
    case "anomalies":
      return anomaliesBody(model, columns);
    case "nics":
    case "capture":
      return documentBody([]);
    default:
      return view satisfies never;
  }
}

function pageBody(_page: Page, _model: ScreenModel): Body {
  return documentBody([]);
}
