/** What a report finds, as lines that a person can review: the form of `test/rules/captures.md`. */
import type { Anomaly, PacketRef, Report } from "../../src/report/report.ts";

/** The lines for one capture: verdicts of the services that it shows, then its anomalies in order, each with its evidence. */
export function foundIn(report: Report): string[] {
  const seen = report.services.filter((service) => service.verdict !== "not-seen");
  const verdicts = seen.map((service) => `${service.service} ${service.verdict}`).join(", ");
  return [`- services: ${verdicts === "" ? "none seen" : verdicts}`, ...report.anomalies.map(anomalyLine)];
}

/** Sections of the table by capture. */
export function sectionsOf(table: string): Map<string, string[]> {
  const sections = new Map<string, string[]>();
  for (const section of table.split(/^## /m).slice(1)) {
    const [name = "", ...lines] = section.split("\n").filter((line) => line !== "");
    sections.set(name, lines);
  }
  return sections;
}

/** A rule with the capture that shows it and the one that nearly does. */
export interface RuleCase {
  rule: string;
  shownBy: string;
  nearMiss: string;
}

/** Rows of the table of rules. */
export function casesOf(introduction: string): RuleCase[] {
  const rows = introduction.split("\n").filter((line) => /^\| [a-z-]+ +\| \S+\.pcap/.test(line));
  return rows.map((row) => {
    const [, rule = "", shownBy = "", nearMiss = ""] = row.split("|").map((cell) => cell.trim());
    return { rule, shownBy, nearMiss };
  });
}

/** Rule ids that the lines of a section name. */
export function rulesIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^- (?:critical|warning|notice) ([a-z0-9-]+),/.exec(line)?.[1] ?? []);
}

/** The whole table. */
export function tableOf(introduction: string, sections: ReadonlyMap<string, readonly string[]>): string {
  const texts = [...sections].map(([name, lines]) => `## ${name}\n\n${lines.join("\n")}\n`);
  return `${introduction}\n${texts.join("\n")}`;
}

function anomalyLine({ severity, rule, count, packets }: Anomaly): string {
  return `- ${severity} ${rule}, ${count}: ${frameRanges(packets)}`;
}

/** "1 4..6", frames of sources after the first as "1/7". */
function frameRanges(packets: readonly PacketRef[]): string {
  const ranges: { source: number; from: number; to: number }[] = [];
  for (const { source, frame } of packets) {
    const last = ranges.at(-1);
    if (last !== undefined && last.source === source && last.to === frame - 1) last.to = frame;
    else ranges.push({ source, from: frame, to: frame });
  }
  return ranges
    .map(({ source, from, to }) => `${source === 0 ? "" : `${source}/`}${from === to ? from : `${from}..${to}`}`)
    .join(" ");
}
