/** A tile for each service: verdict as symbol, word and colour, success rate, median response, and its last minutes. */
import { padded } from "../../bytes/text-columns.ts";
import { isShown, SERVICE_TITLES, verdictWord } from "../../report/headline.ts";
import type { ServiceSummary } from "../../report/report.ts";
import { span } from "../../report/values.ts";
import type { Activity } from "../../report/view-source.ts";
import type { Layout } from "../layout.ts";
import type { ScreenData, ScreenModel } from "../model.ts";
import { fitted, type Line, lineWidth, type Piece, piece } from "../parts/line.ts";
import { outcomeLine, summedInto } from "../parts/sparkline.ts";
import { type Symbols, verdictRole } from "../theme.ts";

const TITLE_COLUMNS = 14;

/** Traffic that is no service has no tile unless something is wrong with it. */
export function tiledServices(data: ScreenData): readonly ServiceSummary[] {
  return (data.overview?.report.services ?? []).filter(
    ({ service, verdict }) =>
      (service !== "icmp" && service !== "other") || verdict === "failing" || verdict === "degraded",
  );
}

export function servicesStripLines(model: ScreenModel, layout: Layout): Line[] {
  const services = tiledServices(model.data);
  if (layout.stripRows === 1) return [shortStrip(services, model)];
  const columns = Math.floor(layout.columns / layout.tilesInRow);
  const lines: Line[] = [];
  for (let start = 0; start < services.length; start += layout.tilesInRow) {
    const row = services.slice(start, start + layout.tilesInRow);
    lines.push(row.flatMap((service) => tileTop(service, columns, model)));
    lines.push(row.flatMap((service) => tileBottom(service, columns, model)));
  }
  return lines;
}

function shortStrip(services: readonly ServiceSummary[], model: ScreenModel): Line {
  return services.map(({ service, verdict }) =>
    piece(` ${model.theme.symbols.verdicts[verdict]} ${SERVICE_TITLES[service]} `, verdictRole(verdict)),
  );
}

function tileTop(summary: ServiceSummary, columns: number, model: ScreenModel): Line {
  const { service, verdict } = summary;
  const { symbols } = model.theme;
  const role = verdictRole(verdict);
  const title = piece(padded(SERVICE_TITLES[service], TITLE_COLUMNS), isShown(summary) ? "strong" : "faint");
  return fitted(
    [piece(` ${symbols.verdicts[verdict]} `, role), title, piece(verdictWord(summary), role)],
    columns,
    symbols.ellipsis,
  );
}

function tileBottom(summary: ServiceSummary, columns: number, model: ScreenModel): Line {
  const { symbols } = model.theme;
  if (!isShown(summary)) return fitted([], columns, symbols.ellipsis);
  const numbers: Piece[] = [
    piece(`   ${padded(successRate(summary), 4, "right")} `, summary.failed > 0 ? "bad" : "plain"),
    piece(`${padded(span(summary.responseMs?.median ?? null), 8, "right")} `, "faint"),
  ];
  const activity = model.data.overview?.activity[summary.service];
  const room = columns - 1 - lineWidth(numbers);
  const chart = activity === undefined ? [] : activityLine(activity, room, symbols);
  return fitted([...numbers, ...chart], columns, symbols.ellipsis);
}

/** All of its minutes, however few columns there are. */
function activityLine({ succeeded, failed }: Activity, columns: number, symbols: Symbols): Line {
  return outcomeLine(summedInto(succeeded, columns), summedInto(failed, columns), columns, symbols);
}

/** Rounded down, so that 100% means all. */
function successRate({ succeeded, failed }: ServiceSummary): string {
  const all = succeeded + failed;
  return all === 0 ? "-" : `${Math.floor((succeeded / all) * 100)}%`;
}
