/** One anomaly: what, why, what to do, and the packets that show it. */
import { padded, widthOf } from "../../bytes/text-columns.ts";
import { MAX_LISTED_FLOWS } from "../../limits.ts";
import type { PacketLine } from "../../report/packet-line.ts";
import type { Anomaly } from "../../report/report.ts";
import { clock, count, packetName } from "../../report/values.ts";
import { type Body, documentBody, type Item, reading } from "../body.ts";
import { anomalyOf, type ScreenModel, sourceCount } from "../model.ts";
import { fact } from "../parts/facts.ts";
import { type Line, piece, spread } from "../parts/line.ts";
import { packetTarget } from "../parts/packet-item.ts";
import { severityRole } from "../theme.ts";
import { ageText } from "./anomalies.ts";

export function anomalyBody(key: string, model: ScreenModel, columns: number): Body {
  const anomaly = anomalyOf(model.data, key);
  if (anomaly === null)
    return documentBody(reading([[piece("This anomaly is over: its evidence was let go.", "faint")]]));
  const copy = { text: anomaly.displayFilter, what: "display filter" };
  const filter = fact("Filter", anomaly.displayFilter, columns).map(
    (line): Item => ({ lines: [line], target: { page: null, copy }, notable: false }),
  );
  return documentBody([
    ...reading([
      titleLine(anomaly, model, columns),
      ...fact("What", anomaly.summary, columns, "strong"),
      ...fact("Cause", anomaly.cause, columns),
      ...fact("Remedy", anomaly.remedy, columns),
      ...fact("When", whenText(anomaly, model), columns),
      [],
      ...fact("Packets", `${count(anomaly.packets.length)} as evidence`, columns),
    ]),
    ...packetItems(anomaly, model),
    ...reading([[], ...fact("Flows", count(anomaly.flows.length), columns)]),
    ...anomaly.flows.slice(0, MAX_LISTED_FLOWS).map((id) => flowItem(id)),
    ...reading([[]]),
    ...filter,
  ]);
}

function titleLine(anomaly: Anomaly, { theme }: ScreenModel, columns: number): Line {
  const role = severityRole(anomaly.severity);
  return spread(
    [
      piece(`${theme.symbols.severities[anomaly.severity]} ${anomaly.severity.toUpperCase()}  `, role),
      piece(anomaly.title, "strong"),
    ],
    [piece(`${anomaly.rule} `, "faint")],
    columns,
    theme.symbols.ellipsis,
  );
}

function whenText(anomaly: Anomaly, model: ScreenModel): string {
  const { firstAt, lastAt } = anomaly;
  const times = anomaly.count > 1 ? `${count(anomaly.count)} times, ` : "";
  const span = firstAt === lastAt ? clock(firstAt) : `${clock(firstAt)} to ${clock(lastAt)}`;
  return model.kind === "live" ? `${times}${span}, ${ageText(anomaly, model)}` : `${times}${span}`;
}

function packetItems(anomaly: Anomaly, model: ScreenModel): Item[] {
  const { evidence } = model.data;
  const lines = evidence !== null && anomalyOf(model.data, evidence.key) === anomaly ? evidence.lines : null;
  const sources = sourceCount(model.data);
  const shown = lines === null ? anomaly.packets.slice(0, model.state.rows) : anomaly.packets.slice(0, lines.length);
  const names = shown.map((packet) => packetName(packet, sources));
  const columns = Math.max(0, ...names.map(widthOf));
  const items = shown.map((packet, index): Item => {
    const name = padded(names[index] ?? "", columns + 2, "right");
    const text = lines === null ? [] : quoted(lines[index] ?? null, model);
    return { lines: [[piece(`${name}  `, "accent"), ...text]], target: packetTarget(packet), notable: false };
  });
  const left = anomaly.packets.length - shown.length;
  return left > 0
    ? [...items, ...reading([[piece(`  and ${count(left)} more: the filter selects them all`, "faint")]])]
    : items;
}

function quoted(line: PacketLine | null, { theme }: ScreenModel): Line {
  if (line === null) return [piece("no longer held", "faint")];
  const { toRight, toLeft } = theme.symbols;
  const arrow = line.toPlatform === false ? toLeft : toRight;
  const [left, right] = line.toPlatform === false ? [line.to, line.from] : [line.from, line.to];
  return [piece(`${clock(line.at)}  `, "faint"), piece(`${left} ${arrow} ${right}  `), piece(line.summary, "strong")];
}

function flowItem(id: number): Item {
  return {
    lines: [[piece(`  flow ${id}`, "accent")]],
    target: { page: { kind: "flow", id }, copy: null },
    notable: false,
  };
}
