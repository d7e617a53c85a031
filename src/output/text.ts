/** The text report: what a person reads in an incident. The answer first, then its evidence, then what was seen; 100 columns. */
import { wrapTo } from "../bytes/text-columns.ts";
import { anomaliesTitle } from "../report/headline.ts";
import { gapTexts } from "../report/live-gaps.ts";
import type { CaptureProblem, CaptureSource, PlatformSummary } from "../report/report.ts";
import type { ReportView } from "../report/report-view.ts";
import { count, counted, dateAndClock, shown, span, UNKNOWN } from "../report/values.ts";
import type { OutputInput, TextSink } from "./form.ts";
import { anomalyLines } from "./text/anomalies.ts";
import { headlineText } from "./text/headline.ts";
import { labelled } from "./text/layout.ts";
import { ANSI_PAINT, NO_PAINT } from "./text/paint.ts";
import {
  dhcpLines,
  dnsLines,
  flowLines,
  httpLines,
  manualTestLines,
  nicLines,
  probeLines,
  serviceLines,
} from "./text/tables.ts";

const LABEL_COLUMNS = 12;
/** Files, and problems of the capture, that are told one by one. */
const TOLD_SOURCES = 10;
const TOLD_PROBLEMS = 10;

/** Writes the report section by section; a section about nothing is left out. */
export async function writeText({ report, packets, colour }: OutputInput, sink: TextSink): Promise<void> {
  const paint = colour ? ANSI_PAINT : NO_PAINT;
  const write = async (title: string, lines: readonly string[]): Promise<void> => {
    if (lines.length > 0) await sink.write(`\n${paint.strong(title)}\n${lines.join("\n")}\n`);
  };
  await sink.write(`${headlineText(report, paint)}\n`);
  const { anomalies } = report;
  await write(anomaliesTitle(anomalies), anomalyLines(anomalies, packets, report.capture.sources.length, paint));
  await write("Services", serviceLines(report.services, paint));
  await write("Tests by hand", manualTestLines(report.manualTests, paint));
  await write("Capture", captureLines(report));
  await write("Problems of the capture", problemLines(report));
  await write("Platform", platformLines(report.platform));
  if (report.platform.nics.length > 0) await write("Network interfaces", nicLines(report.platform.nics, paint));
  if (report.flows.length > 0) await write(`Flows (${count(report.flows.length)})`, flowLines(report, paint));
  const { transactions } = report.dns;
  if (transactions.length > 0) await write(`DNS (${count(transactions.length)})`, dnsLines(transactions, paint));
  if (report.dhcp.exchanges.length > 0) await write("DHCP", dhcpLines(report.dhcp.exchanges, paint));
  const { exchanges } = report.http;
  if (exchanges.length > 0) await write(`HTTP (${count(exchanges.length)})`, httpLines(exchanges, paint));
  if (report.probes.length > 0) await write("Health probes", probeLines(report.probes, paint));
}

function captureLines(report: ReportView): string[] {
  const { capture } = report;
  const several = capture.sources.length > 1;
  const lines = capture.sources.slice(0, TOLD_SOURCES).flatMap((source, index) => {
    const kind = sourceKind(source);
    return labelled(several ? `${kind} ${index}` : kind, sourceText(source), 2, LABEL_COLUMNS);
  });
  const moreSources = capture.sources.length - TOLD_SOURCES;
  if (moreSources > 0) lines.push(`  and ${counted(moreSources, "more file")}: --format json names them all`);
  if (capture.startedAt !== null) {
    const time = `${dateAndClock(capture.startedAt)} UTC, ${span(capture.durationMs)}`;
    lines.push(...labelled("Time", time, 2, LABEL_COLUMNS));
  }
  const gaps = gapTexts(capture.sources, TOLD_PROBLEMS);
  for (const gap of gaps.told) lines.push(...labelled("No capture", shown(gap), 2, LABEL_COLUMNS));
  if (gaps.more > 0) lines.push(`  and ${counted(gaps.more, "more gap")}: --format json tells them all`);
  const packets = `${counted(capture.packets, "packet")}, ${count(capture.platformPackets)} of them the platform's`;
  lines.push(...labelled("Packets", packets, 2, LABEL_COLUMNS));
  const { flowsDropped, bytesNotReassembled, packetsNotDecoded } = report.limits;
  const given = [
    flowsDropped > 0 ? `${counted(flowsDropped, "flow")} not kept` : "",
    bytesNotReassembled > 0 ? `${counted(bytesNotReassembled, "byte")} of streams not put together` : "",
    packetsNotDecoded > 0 ? `${counted(packetsNotDecoded, "packet")} not decoded` : "",
  ].filter((text) => text !== "");
  if (given.length > 0) lines.push(...labelled("Limits", given.join(", "), 2, LABEL_COLUMNS));
  return lines;
}

/** A live session's sources are NICs. */
function sourceKind(source: CaptureSource | undefined): string {
  return source?.live ? "NIC" : "File";
}

function sourceText(source: CaptureSource): string {
  const truncated = source.truncatedPackets > 0 ? `, ${count(source.truncatedPackets)} cut short` : "";
  const compression = source.compression === null ? "" : `, ${source.compression}`;
  const links = [...new Set(source.interfaces.map((one) => one.linkType))].join(" ");
  const dropped = source.interfaces.reduce((sum, one) => sum + (one.droppedPackets ?? 0), 0);
  const lost = dropped > 0 ? `, ${count(dropped)} dropped by the capture` : "";
  const { live } = source;
  const made = live === null ? `${source.format}${compression}` : `live by ${live.backend}, ${live.clock} clock`;
  const form = `${made}, ${links || "no interface"}, ${source.timestampResolution}`;
  return `${shown(source.name)} (${form}; ${counted(source.packets, "packet")}${truncated}${lost})`;
}

function problemLines({ capture: { problems, sources } }: ReportView): string[] {
  const lines = problems.slice(0, TOLD_PROBLEMS).flatMap((problem) => {
    const place = problem.offsetBytes === null ? "" : ` First at byte ${count(problem.offsetBytes)}.`;
    const times = problem.count > 1 ? ` ${count(problem.count)} times.` : "";
    const kind = sourceKind(sources[problem.source]);
    const where = sources.length > 1 ? `${kind} ${problem.source}: ` : "";
    return wrapTo(`${where}${shown(problem.message)}${times}${place} (${problem.code})`, 96).map((line) => `  ${line}`);
  });
  const others = problems.slice(TOLD_PROBLEMS);
  if (others.length > 0)
    lines.push(`  and ${counted(others.length, "more problem")} (${codesOf(others)}): --format json tells them all`);
  return lines;
}

function codesOf(problems: readonly CaptureProblem[]): string {
  return [...new Set(problems.map(({ code }) => code))].join(", ");
}

function platformLines(platform: PlatformSummary): string[] {
  const addresses = platform.addresses.map((one) =>
    one.origin === "default" ? one.address : `${one.address} (${one.origin})`,
  );
  const lines = labelled("Addresses", addresses.join(", "), 2, LABEL_COLUMNS);
  const { primaryNic } = platform;
  const primary =
    primaryNic === null
      ? "not known: no option, no DHCP lease, and no answered request tells"
      : `${[primaryNic.interface, primaryNic.mac, ...primaryNic.addresses].filter((part) => part !== null).join(", ") || UNKNOWN} (${primaryNic.origin})`;
  lines.push(...labelled("Primary NIC", shown(primary), 2, LABEL_COLUMNS));
  return lines;
}
