/** What describes one of the page's tables: its columns, and which rows are out of the ordinary. */
import type { PacketRef } from "../../report/report.ts";
import { packetName } from "../../report/values.ts";
import type { InstantReader } from "./instants.ts";
import { type CellValue, type ColumnHead, FAILED_MARK } from "./table-data.ts";

/** A column and how its values are found. */
export interface TableColumn<Row> extends ColumnHead {
  value(row: Row): CellValue | undefined;
}

export interface TableShape<Row> {
  readonly columns: readonly TableColumn<Row>[];
  /** What "problems only" leaves, and what comes first when not all rows fit. */
  isOdd(row: Row): boolean;
}

/** What columns need beside their row. */
export interface ColumnContext {
  readonly instants: InstantReader;
  readonly sources: number;
  /** The platform's usual address, which is not repeated in each row. */
  readonly usualAddress: string | undefined;
}

/** A column of the table. */
export function column<Row>(
  name: string,
  title: string,
  kind: ColumnHead["kind"],
  value: (row: Row) => CellValue | undefined,
  wide = false,
): TableColumn<Row> {
  return { name, title, kind, place: "table", wide, value };
}

/** A line of an opened row. */
export function detail<Row>(
  name: string,
  title: string,
  kind: ColumnHead["kind"],
  value: (row: Row) => CellValue | undefined,
): TableColumn<Row> {
  return { name, title, kind, place: "detail", wide: false, value };
}

/** The column that tells how something went. */
export function outcomeColumn<Row>(
  name: string,
  title: string,
  value: (row: Row) => string,
  failed: (row: Row) => boolean,
): TableColumn<Row> {
  return column(name, title, "outcome", (row) => (failed(row) ? FAILED_MARK : "") + value(row));
}

/** Packets that are named in an opened row. */
const NAMED_PACKETS = 20;

/** "#1, #2 and 7 more". */
export function packetsText(packets: readonly PacketRef[], sources: number): string {
  const named = packets.slice(0, NAMED_PACKETS).map((packet) => packetName(packet, sources));
  const rest = packets.length - named.length;
  return `${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
