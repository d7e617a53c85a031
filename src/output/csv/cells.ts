/** Cells of a CSV file, RFC 4180, that no spreadsheet takes for a formula. */
import { safeString } from "../../bytes/text.ts";
import type { PacketRef } from "../../report/report.ts";
import { packetKey } from "../../report/values.ts";

/** What a cell can hold. Null is what the capture cannot tell: an empty cell, where an empty text is "". */
export type CsvValue = string | number | boolean | null;

/** Characters with which a spreadsheet begins a formula, or passes on the way to one; the wide ones count in some locales. */
const FORMULA_START = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;
/** Before such a text it makes a spreadsheet show what follows, as it stands. */
const FORMULA_GUARD = "'";
/** Characters for which a cell needs quotes. */
const SPECIAL = /[",\r\n]/;

/** One line with its end. */
export function csvLine(cells: readonly CsvValue[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** Numbers or words in one cell, with spaces between. */
export function listed(values: readonly (string | number)[]): string {
  return values.join(" ");
}

/** Packets in one cell: "source:frame", with spaces between. */
export function packetsListed(packets: readonly PacketRef[]): string {
  return packets.map(packetKey).join(" ");
}

/** Numbers of our own are never formulas, so they stay numbers, a minus included. */
function csvCell(value: CsvValue): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  if (value === "") return '""';
  const text = safeString(value);
  const guarded = FORMULA_START.test(text) ? FORMULA_GUARD + text : text;
  return SPECIAL.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
