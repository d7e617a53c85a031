/** A live session as a screen sees it: it runs in this process, and what it tells is valid for one turn of the event loop. */
import type { Session } from "../live/session.ts";
import type { PacketLine } from "../report/packet-line.ts";
import type { PacketRef } from "../report/report.ts";
import { materialize } from "../report/report-view.ts";
import type { SessionStatus } from "../report/session-view.ts";
import type {
  FlowDetail,
  Overview,
  PacketDetail,
  RowQuery,
  RowWindow,
  TableName,
  TableRows,
  ViewSource,
} from "../report/view-source.ts";
import type { ReportFiles } from "./capture-reading.ts";
import { ReportServer } from "./report-server.ts";

/** How often the session is looked at for news, in milliseconds. */
const LOOK_MS = 100;

export class LiveView implements ViewSource {
  readonly kind = "live";
  readonly #session: Session;
  readonly #files: Pick<ReportFiles, "report">;
  readonly #listeners = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;
  #server: ReportServer | null = null;
  #seen = "";

  constructor(session: Session, files: Pick<ReportFiles, "report">) {
    this.#session = session;
    this.#files = files;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  get revision(): number {
    return this.#session.revision;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  progress(): null {
    return null;
  }

  session(): SessionStatus {
    return this.#session.status();
  }

  async overview(): Promise<Overview> {
    return this.#current().overview();
  }

  async rows<Table extends TableName>(query: RowQuery<Table>): Promise<RowWindow<TableRows[Table]>> {
    return this.#current().rows(query);
  }

  async flow(id: number): Promise<FlowDetail | null> {
    return this.#current().flow(id);
  }

  async packet(packet: PacketRef): Promise<PacketDetail | null> {
    return this.#current().packet(packet);
  }

  async packetLines(packets: readonly PacketRef[]): Promise<readonly (PacketLine | null)[]> {
    return this.#current().packetLines(packets);
  }

  async exportReport(path: string, format: string): Promise<void> {
    // The session goes on while the file is written: what is told is that of now.
    const report = materialize(this.#session.report());
    await this.#files.report(report, this.#session.packetLines(), path, format);
  }

  async writePackets(path: string): Promise<void> {
    this.#session.startRecording(path);
    const { recording, warnings } = this.#session.status();
    if (recording === null) throw new Error(warnings.at(-1)?.message ?? `Nothing is recorded: ${path}`);
  }

  stopRecording(): void {
    this.#session.stopRecording();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#listeners.clear();
  }

  /** Tables of a live session change their rows: nothing is kept across revisions. */
  #current(): ReportServer {
    const view = this.#session.report();
    const { revision } = this.#session;
    if (this.#server?.view !== view || this.#server.revision !== revision) {
      this.#server = new ReportServer(this.#session.analysis, view, revision, null);
    }
    return this.#server;
  }

  #look(): void {
    const { revision } = this.#session;
    const { state, nics, recording, warnings } = this.#session.status();
    const seen = JSON.stringify([
      revision,
      state,
      recording?.state,
      warnings.length,
      warnings.at(-1)?.at,
      nics.map((nic) => nic.state),
    ]);
    if (seen === this.#seen) return;
    this.#seen = seen;
    for (const listener of this.#listeners) listener();
  }
}
