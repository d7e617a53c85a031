/** One conversation: its facts, its packets as a ladder, and what it carried, beside the ladder where there is room. */
import { SERVICE_TITLES } from "../../report/headline.ts";
import type { Flow, TcpSummary } from "../../report/report.ts";
import { clock, count, counted, endpoint, size, span } from "../../report/values.ts";
import type { FlowDetail } from "../../report/view-source.ts";
import { type Body, documentBody, type Item, reading } from "../body.ts";
import { flowState, isSecondary } from "../cells.ts";
import { anomaliesOf, anomalyKey, type ScreenModel } from "../model.ts";
import { fitted, type Line, type Piece, piece } from "../parts/line.ts";
import { severityRole } from "../theme.ts";
import { contentLines } from "./flow-content.ts";
import { ladderColumns, ladderItems } from "./ladder.ts";

/** Columns that decoded content wants beside the ladder. */
const BESIDE_COLUMNS = 44;

export function flowBody(id: number, model: ScreenModel, columns: number): Body {
  const detail = model.data.flow;
  if (detail === null || detail.flow.id !== id) return documentBody([]);
  const ladder = ladderItems(detail, model, columns);
  const beside = columns - ladderColumns(columns) - 3;
  const items =
    beside >= BESIDE_COLUMNS
      ? sideBySide(ladder, contentLines(detail, beside).slice(1), ladderColumns(columns), model)
      : [...ladder, ...reading(contentLines(detail, columns))];
  return documentBody([
    ...reading(factLines(detail.flow, model)),
    ...anomalyItems(detail, model),
    ...reading([[]]),
    ...items,
  ]);
}

function factLines(flow: Flow, model: ScreenModel): Line[] {
  const { symbols } = model.theme;
  const arrow = flow.initiator === "platform" ? symbols.toLeft : symbols.toRight;
  const secondary = isSecondary(flow.vm, model.data);
  const nic: Piece[] = [
    piece(`${flow.vm.interface ?? flow.vm.mac ?? "NIC unknown"}`, secondary ? "doubtful" : "faint"),
  ];
  if (secondary) nic.push(piece(" not the primary NIC", "doubtful"));
  return [
    [
      piece(`Flow ${flow.id}  `, "faint"),
      piece(`${SERVICE_TITLES[flow.service]}  `, "accent"),
      piece(
        `${endpoint(flow.vm.address, flow.vm.port)} ${arrow} ${endpoint(flow.platform.address, flow.platform.port)}`,
        "strong",
      ),
      piece(` ${flow.protocol}`, "faint"),
    ],
    [...nic, piece(`  ${clock(flow.startedAt)}, ${span(flow.durationMs)}`), piece(volume(flow), "faint")],
    flow.tcp === null ? [flowState(flow)] : tcpLine(flow, flow.tcp),
  ];
}

function volume({ packets, bytes }: Flow): string {
  return `  ${count(packets.toPlatform)} + ${counted(packets.fromPlatform, "packet")}, ${size(bytes.toPlatform + bytes.fromPlatform)}`;
}

function tcpLine(flow: Flow, tcp: TcpSummary): Line {
  const both = (numbers: { toPlatform: number; fromPlatform: number }): number =>
    numbers.toPlatform + numbers.fromPlatform;
  const troubles: readonly (readonly [number, string])[] = [
    [tcp.synRetransmissions, "SYN again"],
    [both(tcp.retransmissions), "retransmitted"],
    [both(tcp.outOfOrder), "out of order"],
    [both(tcp.duplicateAcks), "duplicate ACK"],
    [both(tcp.zeroWindows), "zero window"],
    [both(tcp.lostSegments), "bytes never captured"],
  ];
  const seen = troubles.filter(([amount]) => amount > 0).map(([amount, what]) => `${count(amount)} ${what}`);
  const ending = tcp.ending === null ? "" : `, ${tcp.ending.replaceAll("-", " ")}`;
  const trip = tcp.roundTripMs === null ? "" : `  round trip ${span(tcp.roundTripMs.median)}`;
  return [
    piece(`${tcp.outcome}${ending}`, flowState(flow).role),
    piece(` (${tcp.connState})`, "faint"),
    piece(trip),
    piece(seen.length === 0 ? "" : `  ${seen.join(", ")}`, "doubtful"),
  ];
}

function anomalyItems(detail: FlowDetail, model: ScreenModel): Item[] {
  const { symbols } = model.theme;
  return detail.flow.anomalies.flatMap((index): Item[] => {
    const anomaly = anomaliesOf(model.data)[index];
    if (anomaly === undefined) return [];
    const role = severityRole(anomaly.severity);
    return [
      {
        lines: [
          [
            piece(`${symbols.severities[anomaly.severity]} ${anomaly.title}`, role),
            piece(`  ${anomaly.rule}`, "faint"),
          ],
        ],
        target: {
          page: { kind: "anomaly", key: anomalyKey(anomaly) },
          copy: { text: anomaly.displayFilter, what: "display filter" },
        },
        notable: true,
      },
    ];
  });
}

function sideBySide(left: readonly Item[], right: readonly Line[], columns: number, model: ScreenModel): Item[] {
  const { separator, ellipsis } = model.theme.symbols;
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row): Item => {
    const item = left[row] ?? { lines: [], target: null, notable: false };
    const line = fitted(item.lines[0] ?? [], columns, ellipsis);
    return { ...item, lines: [[...line, piece(` ${separator} `, "faint"), ...(right[row] ?? [])]] };
  });
}
