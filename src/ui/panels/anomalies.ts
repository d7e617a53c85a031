/** What is wrong, most severe first: two lines for each anomaly. */
import { padded } from "../../bytes/text-columns.ts";
import { headlineOf } from "../../report/headline.ts";
import type { Anomaly } from "../../report/report.ts";
import { clock, count, span } from "../../report/values.ts";
import type { Body } from "../body.ts";
import { anomaliesOf, anomalyKey, type ScreenModel } from "../model.ts";
import { type Line, piece, spread, wrapped } from "../parts/line.ts";
import { severityRole } from "../theme.ts";

const SUMMARY_INDENT = " ".repeat(11);

export function anomaliesBody(model: ScreenModel, columns: number): Body {
  const anomalies = anomaliesOf(model.data);
  return {
    head: [],
    count: anomalies.length,
    itemLines: 2,
    item(index) {
      const anomaly = anomalies[index];
      if (anomaly === undefined) return null;
      return {
        lines: anomalyLines(anomaly, model, columns),
        target: {
          page: { kind: "anomaly", key: anomalyKey(anomaly) },
          copy: { text: anomaly.displayFilter, what: "display filter" },
        },
        notable: true,
      };
    },
    empty: nothingWrong(model, columns),
  };
}

/** How long ago it was last seen; of a capture, when, and how long before its end. */
export function ageText(anomaly: Anomaly, model: ScreenModel): string {
  const lastMs = Date.parse(anomaly.lastAt);
  if (model.kind === "live") return `${roughly(model.now - lastMs)} ago`;
  const endedAt = model.data.overview?.report.capture.endedAt ?? null;
  const at = clock(anomaly.lastAt).slice(0, 8);
  return endedAt === null ? at : `${at}, ${roughly(Date.parse(endedAt) - lastMs)} before end`;
}

function anomalyLines(anomaly: Anomaly, model: ScreenModel, columns: number): Line[] {
  const { symbols } = model.theme;
  const role = severityRole(anomaly.severity);
  const left = [
    piece(`${symbols.severities[anomaly.severity]} ${padded(anomaly.severity.toUpperCase(), 9)}`, role),
    piece(anomaly.title, "strong"),
  ];
  const times = anomaly.count > 1 ? `${symbols.times}${count(anomaly.count)}  ` : "";
  const right = [piece(times, role), piece(`${ageText(anomaly, model)} `, "faint")];
  return [spread(left, right, columns, symbols.ellipsis), [piece(SUMMARY_INDENT), piece(anomaly.summary)]];
}

function roughly(ms: number): string {
  return ms < 60_000 ? `${Math.max(0, Math.round(ms / 1000))} s` : span(ms);
}

function nothingWrong(model: ScreenModel, columns: number): Line[] {
  const { progress, overview } = model.data;
  if (overview === null) return [];
  if (progress?.state === "reading") return [[], [piece("  Nothing wrong so far.", "faint")]];
  const { advice } = headlineOf(overview.report);
  if (advice !== null) return [[], ...wrapped(`${advice}.`, columns, "plain")];
  return [[], [piece(`  ${model.theme.symbols.verdicts.healthy} `, "good"), piece("No anomaly was found.")]];
}
