/** The report's part about what was read. */
import { linkTypeName } from "../capture/link-types.ts";
import type { SourceFacts } from "../capture/source-facts.ts";
import type { InstantOf } from "./instants.ts";
import { milliseconds } from "./instants.ts";
import type { CaptureProblem, CaptureSource, CaptureSummary, LiveSource } from "./report.ts";

/** A source, and how it was captured when it is a live one. */
export interface ReportedSource {
  readonly facts: SourceFacts;
  readonly live: LiveSource | null;
}

/** What was read, with the problems of the sources first and `further` ones, found by the analysis, behind them. */
export function buildCapture(
  sources: readonly ReportedSource[],
  platformPackets: number,
  further: readonly CaptureProblem[],
  instantOf: InstantOf,
): CaptureSummary {
  const earliest = sources.map(({ facts }) => facts.earliestNs).filter((ns) => ns !== null);
  const latest = sources.map(({ facts }) => facts.latestNs).filter((ns) => ns !== null);
  const startedNs = earliest.length === 0 ? null : Math.min(...earliest);
  const endedNs = latest.length === 0 ? null : Math.max(...latest);
  return {
    sources: sources.map(buildSource),
    packets: sources.reduce((sum, { facts }) => sum + facts.packets, 0),
    platformPackets,
    startedAt: startedNs === null ? null : instantOf(startedNs),
    endedAt: endedNs === null ? null : instantOf(endedNs),
    durationMs: startedNs === null || endedNs === null ? null : milliseconds(endedNs - startedNs),
    problems: [...sources.flatMap(({ facts }, index) => buildProblems(facts, index)), ...further],
  };
}

function buildSource({ facts, live }: ReportedSource): CaptureSource {
  return {
    name: facts.name,
    format: facts.format,
    compression: facts.compression,
    timestampResolution: facts.timestampResolution,
    interfaces: facts.interfaces.map((one) => ({
      index: one.index,
      name: one.name,
      linkType: linkTypeName(one.linkType),
      snapLength: one.snapLength,
      packets: one.packets,
      droppedPackets: one.droppedPackets,
    })),
    packets: facts.packets,
    truncatedPackets: facts.truncatedPackets,
    live,
  };
}

function buildProblems(facts: SourceFacts, source: number): CaptureProblem[] {
  return facts.problems.all.map(({ code, message, offsetBytes, count }) => ({
    source,
    code,
    message,
    offsetBytes,
    count,
  }));
}
