/** A screen's source over a plain report, such as those under test/golden: every answer at once, questions kept for tests to look at. */
import type { PacketRef, Report } from "../../src/report/report.ts";
import type { SessionStatus } from "../../src/report/session-view.ts";
import type {
  FlowDetail,
  Overview,
  PacketDetail,
  ReadingProgress,
  RowQuery,
  RowWindow,
  TableName,
  TableRows,
  ViewSource,
} from "../../src/report/view-source.ts";

export interface ReportSourceOptions {
  readonly progress?: ReadingProgress;
  readonly session?: SessionStatus;
  readonly activity?: Overview["activity"];
  readonly platformPackets?: readonly number[];
  readonly flow?: (id: number) => FlowDetail | null;
  readonly packet?: (packet: PacketRef) => PacketDetail | null;
}

export class ReportViewSource implements ViewSource {
  readonly kind: "capture" | "live";
  revision = 1;
  /** What was asked for, in order. */
  readonly queries: RowQuery[] = [];
  readonly written: string[] = [];
  #report: Report;
  readonly #options: ReportSourceOptions;
  readonly #listeners = new Set<() => void>();

  constructor(report: Report, options: ReportSourceOptions = {}) {
    this.#report = report;
    this.#options = options;
    this.kind = options.session === undefined ? "capture" : "live";
  }

  /** The analysis went on. */
  update(report: Report): void {
    this.#report = report;
    this.revision++;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  progress(): ReadingProgress | null {
    return this.kind === "live" ? null : (this.#options.progress ?? this.#done());
  }

  session(): SessionStatus | null {
    return this.#options.session ?? null;
  }

  async overview(): Promise<Overview> {
    const { flows, dns, dhcp, http, probes, ...report } = this.#report;
    return {
      revision: this.revision,
      report,
      counts: {
        flows: flows.length,
        dns: dns.transactions.length,
        dhcp: dhcp.exchanges.length,
        http: http.exchanges.length,
        probes: probes.length,
      },
      activity: this.#options.activity ?? {},
      platformPackets: { bucketMs: 1000, packets: this.#options.platformPackets ?? [] },
    };
  }

  async rows<Table extends TableName>(query: RowQuery<Table>): Promise<RowWindow<TableRows[Table]>> {
    this.queries.push(query);
    const all: readonly TableRows[Table][] = this.#list(query.table);
    const problem = query.filter.startsWith("wrong:") ? `There is no field "wrong".` : null;
    const words = problem === null ? query.filter.split(" ").filter((word) => word !== "") : [];
    const matching = all
      .map((row, index) => ({ index, row }))
      .filter(({ row }) => words.every((word) => JSON.stringify(row).includes(word.replace(/^[a-z]+:/, ""))));
    const ordered = query.sort?.descending === true ? matching.toReversed() : matching;
    return {
      revision: this.revision,
      total: all.length,
      matched: matching.length,
      start: query.start,
      rows: ordered.slice(query.start, query.start + query.count),
      filterProblem: problem,
    };
  }

  async flow(id: number): Promise<FlowDetail | null> {
    const flow = this.#report.flows[id];
    if (this.#options.flow !== undefined) return this.#options.flow(id);
    if (flow === undefined) return null;
    return {
      revision: this.revision,
      flow,
      packets: [],
      packetsLeftOut: 0,
      dns: this.#report.dns.transactions.filter((one) => one.flow === id),
      dhcp: [],
      http: this.#report.http.exchanges.filter((one) => one.flow === id),
    };
  }

  async packet(packet: PacketRef): Promise<PacketDetail | null> {
    return this.#options.packet?.(packet) ?? null;
  }

  async packetLines(packets: readonly PacketRef[]): Promise<readonly null[]> {
    return packets.map(() => null);
  }

  async exportReport(path: string, format: string): Promise<void> {
    if (path.startsWith("/nowhere/")) throw new Error(`${path}: there is no such directory`);
    this.written.push(`${format} ${path}`);
  }

  async writePackets(path: string): Promise<void> {
    this.written.push(`packets ${path}`);
  }

  stopRecording(): void {
    this.written.push("stop");
  }

  close(): void {}

  #done(): ReadingProgress {
    const { packets, platformPackets } = this.#report.capture;
    return { state: "done", readBytes: 1, totalBytes: 1, packets, platformPackets, elapsedMs: 1, problem: null };
  }

  #list(table: TableName): readonly never[] {
    const lists: Record<TableName, readonly unknown[]> = {
      flows: this.#report.flows,
      dns: this.#report.dns.transactions,
      dhcp: this.#report.dhcp.exchanges,
      http: this.#report.http.exchanges,
      probes: this.#report.probes,
    };
    return lists[table] as readonly never[];
  }
}
