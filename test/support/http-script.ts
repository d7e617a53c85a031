/** A scripted HTTP connection: what each side sends, piece by piece, fed to the exchanges as flow tracking would. */
import { ByteBudget } from "../../src/bytes/byte-budget.ts";
import { TextPool } from "../../src/bytes/text-pool.ts";
import { MalformedTally } from "../../src/decode/malformed.ts";
import { FlowField, FlowTable } from "../../src/flow/flow-table.ts";
import { HttpExchanges } from "../../src/service/http-exchanges.ts";
import { HttpRows } from "../../src/service/http-rows.ts";
import { ServiceCode } from "../../src/service/platform.ts";
import type { HttpRecord } from "../../src/service/records.ts";

/** Each piece is one packet, one millisecond after the one before it. */
export class HttpScript {
  readonly flows: FlowTable = new FlowTable(16);
  readonly exchanges: HttpExchanges;
  readonly rows: HttpRows;
  packet = -1;

  constructor(service: ServiceCode = ServiceCode.wireserver) {
    const budget = new ByteBudget(1 << 20);
    this.exchanges = new HttpExchanges(this.flows, new TextPool(), 1000, "stop", budget, new MalformedTally());
    this.rows = new HttpRows(this.exchanges, this.flows);
    for (let flow = 0; flow < 2; flow++) this.flows.setInt(this.flows.add(), FlowField.service, service);
  }

  /** The client sends; several pieces are one packet cut apart. */
  ask(...pieces: string[]): this {
    return this.#send(true, pieces);
  }

  /** The server sends. */
  answer(...pieces: string[]): this {
    return this.#send(false, pieces);
  }

  gap(isRequest: boolean, bytes: number): this {
    this.packet++;
    this.exchanges.gap(0, isRequest, this.packet, this.#atNs(), bytes);
    return this;
  }

  fin(isRequest: boolean): this {
    this.packet++;
    this.exchanges.closed(0, isRequest, this.packet, this.#atNs(), true);
    return this;
  }

  reset(): this {
    this.packet++;
    this.exchanges.closed(0, true, this.packet, this.#atNs(), false);
    this.exchanges.closed(0, false, this.packet, this.#atNs(), false);
    return this;
  }

  get records(): HttpRecord[] {
    return [...this.rows];
  }

  /** The only exchange. */
  get record(): HttpRecord {
    const record = this.rows.at(0);
    if (record === undefined || this.rows.length !== 1) throw new Error(`${this.rows.length} exchanges`);
    return record;
  }

  #atNs(): number {
    return this.packet * 1e6;
  }

  #send(isRequest: boolean, pieces: readonly string[]): this {
    this.packet++;
    for (const piece of pieces) {
      const bytes = new TextEncoder().encode(`??${piece}??`);
      const view = new DataView(bytes.buffer);
      this.exchanges.stream(0, isRequest, this.packet, this.#atNs(), view, 2, bytes.length - 2);
      bytes.fill(0x58); // what was given must not be kept
    }
    return this;
  }
}
