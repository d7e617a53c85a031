/**
 * What a screen asks of an analysis, wherever that runs: in a worker thread for captures, in this process for a live session. All that
 * crosses is plain data, so it can be posted between threads; all texts from packets in it are safe to print.
 */
import type { PacketLine } from "./packet-line.ts";
import type {
  DhcpExchange,
  DnsTransaction,
  Flow,
  HttpExchange,
  PacketRef,
  ProbeSeries,
  Report,
  ServiceName,
} from "./report.ts";
import type { SessionStatus } from "./session-view.ts";

/** The report's long lists, by the type of their rows. */
export interface TableRows {
  flows: Flow;
  dns: DnsTransaction;
  dhcp: DhcpExchange;
  http: HttpExchange;
  probes: ProbeSeries;
}

export type TableName = keyof TableRows;

/** A window of a list: filtered and sorted where the analysis is, so that a million rows never cross. */
export interface RowQuery<Table extends TableName = TableName> {
  table: Table;
  /** Words that must all be found, or `field:value` with one of `FILTER_FIELDS`; "" for all rows. */
  filter: string;
  /** One of the table's `SORT_COLUMNS` (view-fields.ts); null for the order of the first packet. */
  sort: { column: string; descending: boolean } | null;
  /** The first row wanted, from 0, counted among those that match; rows beyond the end are left out. */
  start: number;
  count: number;
}

export interface RowWindow<Row> {
  /** The source's revision that it shows. */
  revision: number;
  /** Rows in the list, and those that match. */
  total: number;
  matched: number;
  start: number;
  /** Each with its index in the report's list. */
  rows: readonly { readonly index: number; readonly row: Row }[];
  /** Why the filter was not understood, as a sentence; null otherwise. Then all rows match. */
  filterProblem: string | null;
}

/** Successes and failures over time, oldest first; one entry for each `bucketMs`. */
export interface Activity {
  bucketMs: number;
  succeeded: readonly number[];
  failed: readonly number[];
}

/** The report without its long lists, and what the first screen draws beside it. */
export interface Overview {
  revision: number;
  /** Each anomaly with its first `MAX_SHOWN_FLOWS` flows: the filter `anomaly:RULE` finds all. */
  report: Omit<Report, TableName>;
  counts: Readonly<Record<TableName, number>>;
  /** By service, for those that were seen: the last minutes that the analysis knows of. */
  activity: Readonly<Partial<Record<ServiceName, Activity>>>;
  /** Platform packets in each `bucketMs`, oldest first. */
  platformPackets: { bucketMs: number; packets: readonly number[] };
}

/** What became of one packet of a TCP conversation beside its flags. */
export type PacketMark =
  | "retransmission"
  | "out-of-order"
  | "gap-before"
  | "duplicate-ack"
  | "zero-window"
  | "duplicate";

/** One packet of a flow's ladder. */
export interface LadderPacket extends PacketLine {
  /** From the flow's first packet, in milliseconds; null for a packet without a time. */
  relativeMs: number | null;
  /** Sequence numbers count from the first one that was seen on their side, as in Wireshark. Null when it is not TCP. */
  tcp: { flags: string; sequence: number; acknowledgment: number | null; payloadBytes: number; window: number } | null;
  marks: readonly PacketMark[];
}

/** A flow with its packets and what it carried. */
export interface FlowDetail {
  revision: number;
  flow: Flow;
  /** A bounded number of packets, the first ones. */
  packets: readonly LadderPacket[];
  /** Packets of the flow that are not listed: beyond the bound, or no longer held. */
  packetsLeftOut: number;
  dns: readonly DnsTransaction[];
  dhcp: readonly DhcpExchange[];
  http: readonly HttpExchange[];
}

/** One packet whole. */
export interface PacketDetail {
  line: PacketLine;
  /** As captured, with the link layer. */
  bytes: Uint8Array;
  wireBytes: number;
  /** A line for each layer and, indented by two spaces, its fields. */
  layers: readonly string[];
}

/** How far a capture has been read. */
export interface ReadingProgress {
  state: "reading" | "done" | "failed";
  readBytes: number;
  /** Null for a pipe. */
  totalBytes: number | null;
  packets: number;
  platformPackets: number;
  elapsedMs: number;
  /** One line and what to do, when it failed. */
  problem: string | null;
}

/** A running or finished analysis. Promises reject only when the source was closed. */
export interface ViewSource {
  readonly kind: "capture" | "live";
  /** Grows when something new can be told. */
  readonly revision: number;
  /** Calls back when the revision or the progress changed; the answer ends it. */
  onChange(listener: () => void): () => void;
  /** Null for a live session. */
  progress(): ReadingProgress | null;
  /** Null for captures. */
  session(): SessionStatus | null;
  overview(): Promise<Overview>;
  rows<Table extends TableName>(query: RowQuery<Table>): Promise<RowWindow<TableRows[Table]>>;
  flow(id: number): Promise<FlowDetail | null>;
  /** Null when the packet is no longer held. */
  packet(packet: PacketRef): Promise<PacketDetail | null>;
  /** One line for each packet of a list, null for those that are no longer held. */
  packetLines(packets: readonly PacketRef[]): Promise<readonly (PacketLine | null)[]>;
  /** Writes the report; `format` is one of `--format`. Rejects with what to tell the person. */
  exportReport(path: string, format: string): Promise<void>;
  /** Live: records from now on what is captured. Captures: writes the platform's packets read so far. Rejects with what to tell. */
  writePackets(path: string): Promise<void>;
  /** Live: ends the recording. Captures: does nothing. */
  stopRecording(): void;
  close(): void;
}
