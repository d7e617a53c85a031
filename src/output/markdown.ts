/**
 * The report as Markdown for an issue or a chat: the answer, each fault with cause, remedy and evidence, and the services. It is short
 * enough for an issue (65,536 characters) whatever the capture holds; the other forms hold the rest.
 */
import { anomaliesTitle, headlineOf, isShown, SERVICE_TITLES, verdictWord } from "../report/headline.ts";
import { gapTexts } from "../report/live-gaps.ts";
import type { PacketLines } from "../report/packet-line.ts";
import type { Anomaly, PacketRef, ServiceSummary } from "../report/report.ts";
import type { ReportView } from "../report/report-view.ts";
import { clock, count, counted, dateAndClock, packetName, span, withShortInstants } from "../report/values.ts";
import type { OutputInput, TextSink } from "./form.ts";
import { code, codeBlock, prose, tableRow } from "./markdown/escape.ts";

/** Faults are told whole up to so many, or so many characters; further ones get a line each up to so many, and the rest is counted. */
const WHOLE_ANOMALIES = 10;
const WHOLE_CHARACTERS = 32_000;
const LISTED_ANOMALIES = 40;
/** Evidence packets that are quoted for one fault; the display filter shows the rest. */
const QUOTED_PACKETS = 4;
/** Sources and problems of the capture that are told. */
const TOLD_SOURCES = 8;
const TOLD_PROBLEMS = 8;

/** Writes the document section by section. */
export async function writeMarkdown({ report, packets }: OutputInput, sink: TextSink): Promise<void> {
  const { word, text, advice } = headlineOf(report);
  await sink.write(`## vipscope: ${word}\n\n${prose(`${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`)}\n`);
  if (advice !== null) await sink.write(`\n${prose(`${advice}.`)}\n`);
  const { anomalies, services, capture } = report;
  if (anomalies.length > 0) await sink.write(`\n### ${anomaliesTitle(anomalies)}\n`);
  let whole = 0;
  let characters = 0;
  for (const anomaly of anomalies.slice(0, WHOLE_ANOMALIES)) {
    if (characters > WHOLE_CHARACTERS) break;
    const text = anomalyText(anomaly, whole, packets, capture.sources.length);
    await sink.write(text);
    characters += text.length;
    whole++;
  }
  if (anomalies.length > whole) await sink.write(furtherAnomalies(anomalies.slice(whole)));
  await sink.write(`\n### Services\n\n${servicesTable(services)}`);
  await sink.write(`\n### Capture\n\n${captureText(report)}`);
}

function anomalyText(anomaly: Anomaly, index: number, packets: PacketLines, sources: number): string {
  const { title, severity, rule, summary, cause, remedy, displayFilter } = anomaly;
  const hidden = anomaly.packets.length - QUOTED_PACKETS;
  const rows = anomaly.packets.slice(0, QUOTED_PACKETS).map((packet) => evidenceRow(packet, packets, sources));
  return [
    `\n#### ${index + 1}. ${prose(title)} (${severity}, ${code(rule)})\n`,
    `${prose(summary)}\n`,
    `- **Cause:** ${prose(cause)}`,
    `- **Remedy:** ${prose(remedy)}`,
    `- **When:** ${when(anomaly)}\n`,
    ...(rows.length === 0 ? [] : ["| Packet | Time | From, to | What |", "|--:|---|---|---|", ...rows, ""]),
    ...(hidden > 0 ? [`${counted(hidden, "more packet")} in Wireshark:\n`] : ["In Wireshark:\n"]),
    codeBlock(displayFilter),
  ].join("\n");
}

function evidenceRow(packet: PacketRef, packets: PacketLines, sources: number): string {
  const name = packetName(packet, sources).replace("#", "");
  const line = packets.line(packet);
  if (line === null) return tableRow([name, "", "", "no longer held"]);
  const arrow = line.toPlatform === null ? "-" : line.toPlatform ? "→" : "←";
  const [left, right] = line.toPlatform === false ? [line.to, line.from] : [line.from, line.to];
  return tableRow([name, clock(line.at), code(`${left} ${arrow} ${right}`), code(line.summary)]);
}

function when({ firstAt, lastAt, count: times }: Anomaly): string {
  if (firstAt === lastAt) return `${dateAndClock(firstAt)} UTC`;
  return `${times > 1 ? `${count(times)} times, ` : ""}${dateAndClock(firstAt)} to ${clock(lastAt)} UTC`;
}

function furtherAnomalies(anomalies: readonly Anomaly[]): string {
  const listed = anomalies
    .slice(0, LISTED_ANOMALIES)
    .map(({ severity, rule, title }) => `- ${severity}: ${prose(title)} (${code(rule)})`);
  const hidden = anomalies.length - LISTED_ANOMALIES;
  const rest = hidden > 0 ? [`- and ${count(hidden)} more`] : [];
  return `\n#### Further ones\n\n${[...listed, ...rest].join("\n")}\n`;
}

function servicesTable(services: readonly ServiceSummary[]): string {
  const rows = services
    .filter(isShown)
    .map((one) =>
      tableRow([
        SERVICE_TITLES[one.service],
        one.verdict === "healthy" ? one.verdict : `**${verdictWord(one)}**`,
        count(one.succeeded),
        count(one.failed),
        span(one.responseMs?.median ?? null),
        prose(withShortInstants(one.summary)),
      ]),
    );
  const unseen = services.filter((one) => !isShown(one)).map(({ service }) => SERVICE_TITLES[service]);
  return [
    ...(rows.length === 0
      ? []
      : ["| Service | Verdict | Good | Failed | Median | |", "|---|---|--:|--:|--:|---|", ...rows, ""]),
    ...(unseen.length === 0 ? [] : [`Not seen: ${unseen.join(", ")}.`, ""]),
  ].join("\n");
}

function captureText({ capture, tool }: ReportView): string {
  const { sources, packets, platformPackets, startedAt, durationMs, problems } = capture;
  const names = sources.slice(0, TOLD_SOURCES).map((source) => code(source.name));
  if (sources.length > TOLD_SOURCES) names.push(`${count(sources.length - TOLD_SOURCES)} more`);
  const time = startedAt === null ? "" : ` Began ${dateAndClock(startedAt)} UTC and took ${span(durationMs)}.`;
  const held = `${counted(packets, "packet")}, ${count(platformPackets)} of them the platform's.`;
  const told = problems.slice(0, TOLD_PROBLEMS).map(({ message, code: word }) => `- ${prose(message)} (${code(word)})`);
  if (problems.length > TOLD_PROBLEMS) told.push(`- and ${count(problems.length - TOLD_PROBLEMS)} more problems`);
  const gaps = gapTexts(sources, TOLD_PROBLEMS);
  told.push(...gaps.told.map((gap) => `- No capture: ${prose(gap)}`));
  if (gaps.more > 0) told.push(`- and ${counted(gaps.more, "more gap")}`);
  const first = `${names.join(", ")}: ${held}${time} Read by vipscope ${tool.version}.`;
  return `${[first, ...(told.length === 0 ? [] : ["", ...told])].join("\n")}\n`;
}
