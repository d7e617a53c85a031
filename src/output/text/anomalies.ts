/** The part of the text report that says what is wrong, each case with its evidence. */
import { padded, widthOf, wrapTo } from "../../bytes/text-columns.ts";
import type { PacketLines } from "../../report/packet-line.ts";
import type { Anomaly, PacketRef, Severity } from "../../report/report.ts";
import { clock, count, packetName, shown } from "../../report/values.ts";
import { labelled, labelledAdvice, TEXT_COLUMNS } from "./layout.ts";
import type { Colouring, Paint } from "./paint.ts";

/** Evidence packets that are quoted for one anomaly; the display filter shows the rest. */
const QUOTED_PACKETS = 6;
const LABEL_COLUMNS = 10;
const INDENT = 4;

/** The lines for all anomalies; `sources` is the number of captures that packets may come from. */
export function anomalyLines(
  anomalies: readonly Anomaly[],
  packets: PacketLines,
  sources: number,
  paint: Paint,
): string[] {
  return anomalies.flatMap((anomaly, index) => [
    ...(index > 0 ? [""] : []),
    ...oneAnomaly(anomaly, index, packets, sources, paint),
  ]);
}

/** Colour of a severity. */
export function severityColour(severity: Severity, paint: Paint): Colouring {
  switch (severity) {
    case "critical":
      return paint.bad;
    case "warning":
      return paint.doubtful;
    case "notice":
      return paint.note;
    default:
      return severity satisfies never;
  }
}

function oneAnomaly(anomaly: Anomaly, index: number, packets: PacketLines, sources: number, paint: Paint): string[] {
  const colour = severityColour(anomaly.severity, paint);
  const number = padded(String(index + 1), 2, "right");
  const space = TEXT_COLUMNS - INDENT - 10 - widthOf(anomaly.title) - widthOf(anomaly.rule);
  const heading = `${number}  ${colour(padded(anomaly.severity.toUpperCase(), 8, "left"))}  ${paint.strong(anomaly.title)}`;
  const lines = [`${heading}${" ".repeat(Math.max(2, space))}${paint.faint(anomaly.rule)}`];
  const margin = " ".repeat(INDENT);
  lines.push(...wrapTo(shown(anomaly.summary), TEXT_COLUMNS - INDENT).map((line) => margin + line));
  lines.push(...labelledAdvice("Cause", shown(anomaly.cause), INDENT, LABEL_COLUMNS));
  lines.push(...labelledAdvice("Remedy", shown(anomaly.remedy), INDENT, LABEL_COLUMNS));
  lines.push(...labelled("When", when(anomaly), INDENT, LABEL_COLUMNS));
  lines.push(...evidenceLines(anomaly.packets, packets, sources, paint));
  lines.push(...labelled("Filter", shown(anomaly.displayFilter), INDENT, LABEL_COLUMNS));
  return lines;
}

function when(anomaly: Anomaly): string {
  if (anomaly.firstAt === anomaly.lastAt) return clock(anomaly.firstAt);
  const times = anomaly.count > 1 ? `${count(anomaly.count)} times, ` : "";
  return `${times}${clock(anomaly.firstAt)} to ${clock(anomaly.lastAt)}`;
}

/** The first of these packets, quoted. */
export function evidenceLines(
  refs: readonly PacketRef[],
  packets: PacketLines,
  sources: number,
  paint: Paint,
): string[] {
  const quoted = refs.slice(0, QUOTED_PACKETS);
  const names = quoted.map((ref) => packetName(ref, sources));
  const nameColumns = Math.max(0, ...names.map(widthOf));
  const lines = quoted.flatMap((ref, index) => {
    const label = index === 0 ? "Packets" : "";
    const name = padded(names[index] ?? "", nameColumns, "right");
    return quote(label, `${name}  ${packetText(ref, packets)}`, nameColumns + 2);
  });
  const hidden = refs.length - quoted.length;
  if (hidden > 0) lines.push(...labelled("", paint.faint(`and ${count(hidden)} more`), INDENT, LABEL_COLUMNS));
  return lines;
}

function packetText(ref: PacketRef, packets: PacketLines): string {
  const line = packets.line(ref);
  if (line === null) return "(no longer held)";
  const arrow = line.toPlatform === null ? "-" : line.toPlatform ? "→" : "←";
  const [left, right] = line.toPlatform === false ? [line.to, line.from] : [line.from, line.to];
  return `${clock(line.at)}  ${left} ${arrow} ${right}  ${shown(line.summary)}`;
}

/** A quoted packet; what does not fit goes on under its time. */
function quote(label: string, text: string, hanging: number): string[] {
  const margin = " ".repeat(INDENT) + padded(label, LABEL_COLUMNS, "left");
  const [first = "", ...rest] = wrapKeepingSpaces(text, TEXT_COLUMNS - INDENT - LABEL_COLUMNS, hanging);
  return [margin + first, ...rest.map((line) => " ".repeat(INDENT + LABEL_COLUMNS) + line)];
}

function wrapKeepingSpaces(text: string, columns: number, hanging: number): string[] {
  if (widthOf(text) <= columns) return [text];
  const at = text.lastIndexOf(" ", columns);
  if (at <= hanging) return [text];
  const rest = wrapTo(text.slice(at + 1), columns - hanging);
  return [text.slice(0, at).trimEnd(), ...rest.map((line) => " ".repeat(hanging) + line)];
}
