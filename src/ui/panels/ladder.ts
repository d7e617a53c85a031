/** The packets of a flow between VM and platform, each as an arrow from its sender. */
import { cutTo, padded, widthOf } from "../../bytes/text-columns.ts";
import { count, packetName, span, UNKNOWN } from "../../report/values.ts";
import type { FlowDetail, LadderPacket, PacketMark } from "../../report/view-source.ts";
import { type Item, reading } from "../body.ts";
import { type ScreenModel, sourceCount } from "../model.ts";
import { type Line, type Piece, piece } from "../parts/line.ts";
import { packetTarget } from "../parts/packet-item.ts";
import type { Role, Symbols } from "../theme.ts";

const NAME_COLUMNS = 7;
const TIME_COLUMNS = 10;
/** Columns of the right side's numbers. */
const NUMBER_COLUMNS = 24;
/** An arrow is no longer than this, however wide the screen. */
const LONGEST_ARROW = 48;
/** A silence that gets a line of its own. */
const SILENCE_MS = 1000;

const MARK_ROLES: Readonly<Record<PacketMark, Role>> = {
  retransmission: "doubtful",
  "out-of-order": "doubtful",
  "gap-before": "bad",
  "duplicate-ack": "note",
  "zero-window": "bad",
  duplicate: "faint",
};

/** Columns that a ladder takes of `columns`. */
export function ladderColumns(columns: number): number {
  return Math.min(columns, NAME_COLUMNS + TIME_COLUMNS + LONGEST_ARROW + NUMBER_COLUMNS + 6);
}

export function ladderItems(detail: FlowDetail, model: ScreenModel, columns: number): Item[] {
  const { symbols } = model.theme;
  const room = ladderColumns(columns);
  const arrow = Math.max(20, room - NAME_COLUMNS - TIME_COLUMNS - NUMBER_COLUMNS - 6);
  const items: Item[] = reading([sidesLine(arrow)]);
  const sources = sourceCount(model.data);
  let lastMs: number | null = null;
  for (const packet of detail.packets) {
    const { relativeMs } = packet;
    if (lastMs !== null && relativeMs !== null && relativeMs - lastMs >= SILENCE_MS)
      items.push(...reading([silenceLine(relativeMs - lastMs, arrow, symbols)]));
    items.push({
      lines: [packetRow(packet, arrow, sources, symbols)],
      target: packetTarget(packet.packet),
      notable: packet.marks.length > 0,
    });
    lastMs = relativeMs ?? lastMs;
  }
  if (detail.packetsLeftOut > 0)
    items.push(...reading([[piece(`${count(detail.packetsLeftOut)} further packets are not listed`, "faint")]]));
  return items;
}

function sidesLine(arrow: number): Line {
  const before = " ".repeat(NAME_COLUMNS + TIME_COLUMNS + 2);
  return [piece(before), piece(padded("VM", arrow - 6), "strong"), piece("platform", "strong")];
}

function silenceLine(ms: number, arrow: number, { ladderSide, nothing }: Symbols): Line {
  const text = `${nothing}${nothing}${nothing} ${span(ms)} ${nothing}${nothing}${nothing}`;
  const left = Math.max(0, Math.floor((arrow - widthOf(text)) / 2));
  const before = " ".repeat(NAME_COLUMNS + TIME_COLUMNS + 1);
  return [piece(`${before}${ladderSide}${padded(" ".repeat(left) + text, arrow)}${ladderSide}`, "faint")];
}

function packetRow(packet: LadderPacket, arrow: number, sources: number, symbols: Symbols): Line {
  const time = packet.relativeMs === null ? UNKNOWN : span(packet.relativeMs);
  return [
    piece(padded(packetName(packet.packet, sources), NAME_COLUMNS, "right"), "accent"),
    piece(`${padded(time, TIME_COLUMNS, "right")} `, "faint"),
    piece(symbols.ladderSide, "faint"),
    ...arrowPieces(packet, arrow, symbols),
    piece(`${symbols.ladderSide} `, "faint"),
    ...markPieces(packet.marks),
    ...numbers(packet),
  ];
}

/** The text stands at its sender's side, the head at the receiver's. */
function arrowPieces(packet: LadderPacket, arrow: number, { rule, toRight, toLeft, ellipsis }: Symbols): Piece[] {
  // What the marks say stands behind the arrow.
  const summary = packet.marks.length > 0 ? packet.summary.replace(/ \[[^\]]*\]$/, "") : packet.summary;
  const text = cutTo(piece(summary).text, arrow - 6, ellipsis);
  const shaft = rule.repeat(Math.max(1, arrow - widthOf(text) - 3));
  const role: Role = packet.marks.length > 0 ? "doubtful" : "plain";
  if (packet.toPlatform === false) return [piece(`${toLeft}${shaft}`, "faint"), piece(` ${text} `, role)];
  return [piece(` ${text} `, role), piece(`${shaft}${toRight}`, "faint")];
}

function markPieces(marks: readonly PacketMark[]): Piece[] {
  return marks.map((mark) => piece(`${mark} `, MARK_ROLES[mark]));
}

function numbers({ tcp }: LadderPacket): Piece[] {
  if (tcp === null) return [];
  const acknowledged = tcp.acknowledgment === null ? "" : ` ack ${tcp.acknowledgment}`;
  return [piece(`seq ${tcp.sequence}${acknowledged}`, "faint")];
}
