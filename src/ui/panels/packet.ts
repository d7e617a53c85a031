/** One packet whole: its layers, then its bytes as hexadecimal digits and text. */
import { padded } from "../../bytes/text-columns.ts";
import type { PacketRef } from "../../report/report.ts";
import { clock, counted, packetName } from "../../report/values.ts";
import { type Body, documentBody, reading } from "../body.ts";
import { type ScreenModel, sourceCount } from "../model.ts";
import { type Line, piece } from "../parts/line.ts";

const ROW_BYTES = 16;

export function packetBody(packet: PacketRef, model: ScreenModel): Body {
  const detail = model.data.packet;
  const name = packetName(packet, sourceCount(model.data));
  if (detail === null || detail.line.packet.frame !== packet.frame || detail.line.packet.source !== packet.source)
    return documentBody(
      reading([[piece(`Packet ${name}: `, "accent"), piece("not read, or no longer held", "faint")]]),
    );
  const { line, bytes, wireBytes, layers } = detail;
  const cut = bytes.length < wireBytes ? `, ${counted(bytes.length, "byte")} of them captured` : "";
  const before: Line[] = [
    [piece(`Packet ${name}  `, "accent"), piece(`${clock(line.at)}  `, "faint"), piece(line.summary, "strong")],
    [
      piece(`${line.from} ${model.theme.symbols.toRight} ${line.to}  `),
      piece(`${counted(wireBytes, "byte")}${cut}`, "faint"),
    ],
    [],
    ...layers.map((text): Line => [piece(text, text.startsWith(" ") ? "plain" : "accent")]),
    [],
  ];
  const rows = Math.ceil(bytes.length / ROW_BYTES);
  return {
    head: [],
    count: before.length + rows,
    itemLines: 1,
    item: (index) => ({
      lines: [before[index] ?? hexLine(bytes, (index - before.length) * ROW_BYTES)],
      target: null,
      notable: false,
    }),
    empty: [],
  };
}

/** "0010  45 00 00 3c ...  E..<": what is no printable ASCII is a dot. */
function hexLine(bytes: Uint8Array, start: number): Line {
  const row = bytes.subarray(start, start + ROW_BYTES);
  const digits = Array.from(
    row,
    (byte, index) => `${index === ROW_BYTES / 2 ? " " : ""}${byte.toString(16).padStart(2, "0")}`,
  );
  const text = Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."));
  return [
    piece(`${start.toString(16).padStart(4, "0")}  `, "faint"),
    piece(padded(digits.join(" "), ROW_BYTES * 3 + 2)),
    piece(text.join(""), "accent"),
  ];
}
