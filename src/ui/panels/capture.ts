/** The capture itself: sources, what was wrong with them, bounds that were reached, and a live session's warnings. */
import { gapText } from "../../report/live-gaps.ts";
import type { CaptureSource, Limits } from "../../report/report.ts";
import type { SessionStatus } from "../../report/session-view.ts";
import { clock, count, counted, dateAndClock, size, span } from "../../report/values.ts";
import { type Body, documentBody, reading } from "../body.ts";
import type { ScreenModel } from "../model.ts";
import { fact } from "../parts/facts.ts";
import { type Line, piece } from "../parts/line.ts";

export function captureBody(model: ScreenModel, columns: number): Body {
  const { overview, session, progress } = model.data;
  if (overview === null) return documentBody([]);
  const { capture, limits } = overview.report;
  const { verdicts, severities } = model.theme.symbols;
  const problems = capture.problems.flatMap(({ message, count: times, code, offsetBytes }): Line[] => [
    ...fact(
      times > 1 ? `${severities.warning} ${count(times)} times` : `${severities.warning} once`,
      message,
      columns,
      "doubtful",
    ),
    [piece(`                ${code}${offsetBytes === null ? "" : `, first at byte ${count(offsetBytes)}`}`, "faint")],
  ]);
  const good = (text: string): Line[] => [[piece(`${verdicts.healthy} `, "good"), piece(text)]];
  return documentBody(
    reading([
      ...(progress?.problem ? fact("Fault", progress.problem, columns, "bad") : []),
      ...fact("Began", `${dateAndClock(capture.startedAt)} UTC`, columns),
      ...fact("Lasted", span(capture.durationMs), columns),
      ...fact(
        "Packets",
        `${count(capture.packets)}, ${count(capture.platformPackets)} of them the platform's`,
        columns,
      ),
      ...(session === null ? [] : sessionLines(session, columns)),
      [],
      ...capture.sources.flatMap((source) => sourceLines(source, columns)),
      [],
      ...(problems.length === 0 ? good("The input has no fault.") : problems),
      ...limitLines(limits, columns, good),
      ...(session === null ? [] : warningLines(session, columns)),
    ]),
  );
}

function sessionLines(session: SessionStatus, columns: number): Line[] {
  const { recording } = session;
  const file =
    recording === null
      ? "nothing: w begins"
      : `${recording.path} (${size(recording.bytes)}), ${recording.state}; ${counted(recording.packets, "packet")} altogether`;
  return [
    ...fact(
      "Backend",
      `${session.backend}, stamped ${session.clock === "kernel" ? "by the kernel" : "on arrival"}`,
      columns,
    ),
    ...fact("Kernel filter", session.filter, columns),
    ...fact(
      "Recorded",
      recording?.problem ? `${file}: ${recording.problem}` : file,
      columns,
      recording?.problem ? "bad" : "plain",
    ),
    ...(session.letGo.flows > 0
      ? fact("Let go", `${counted(session.letGo.flows, "flow")}, ${counted(session.letGo.packets, "packet")}`, columns)
      : []),
  ];
}

function sourceLines(source: CaptureSource, columns: number): Line[] {
  const kind = [source.format, source.compression, source.timestampResolution].filter((one) => one !== null).join(", ");
  const cut = source.truncatedPackets > 0 ? `, ${count(source.truncatedPackets)} cut short` : "";
  return [
    [
      piece(source.name, "strong"),
      piece(
        `  ${source.live === null ? kind : `${source.live.backend}, ${source.live.clock} clock`}  ${counted(source.packets, "packet")}${cut}`,
      ),
    ],
    ...source.interfaces.map(({ index, name, linkType, packets, droppedPackets, snapLength }): Line => {
      const drops = droppedPackets === null ? "drops unknown" : `${count(droppedPackets)} dropped`;
      const snap = snapLength === null ? "" : `, up to ${count(snapLength)} bytes each`;
      return [
        piece(`  ${name ?? `interface ${index}`}  ${linkType}, ${counted(packets, "packet")}${snap}, `, "faint"),
        piece(drops, (droppedPackets ?? 0) > 0 ? "bad" : "faint"),
      ];
    }),
    ...(source.live?.gaps ?? []).flatMap((gap) => fact("  no capture", gapText(gap), columns, "bad")),
  ];
}

function limitLines(limits: Limits, columns: number, good: (text: string) => Line[]): Line[] {
  const reached: readonly (readonly [number, string])[] = [
    [limits.flowsDropped, "flows seen but not kept: the flow table was full"],
    [limits.bytesNotReassembled, "bytes not put together: a buffer was full"],
    [limits.packetsNotDecoded, "platform packets could not be decoded"],
  ];
  const lines = reached.flatMap(([amount, what]) =>
    amount > 0 ? fact("Limit", `${count(amount)} ${what}`, columns, "doubtful") : [],
  );
  return lines.length === 0 ? good("No limit of the analysis was reached.") : lines;
}

function warningLines({ warnings }: SessionStatus, columns: number): Line[] {
  return [
    [],
    ...warnings.toReversed().flatMap(({ at, message }) => fact(clock(at).slice(0, 8), message, columns, "doubtful")),
  ];
}
