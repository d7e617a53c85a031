/** Scripted DNS traffic, fed to the transactions as flow tracking would. Each message is one packet. */
import { ByteBudget } from "../../src/bytes/byte-budget.ts";
import { MalformedTally } from "../../src/decode/malformed.ts";
import { FlowField, FlowTable } from "../../src/flow/flow-table.ts";
import { DnsTransactions } from "../../src/service/dns.ts";
import { DnsRows } from "../../src/service/dns-rows.ts";
import { DnsStreams } from "../../src/service/dns-tcp.ts";
import type { ObservedTime } from "../../src/service/observed-time.ts";
import type { DnsRecord } from "../../src/service/records.ts";
import { dnsBytes } from "./dns.ts";

/** A message: a name (dotted), and what differs from an A query with identifier 1, or the answer to it with one address. */
export interface ScriptedMessage {
  name: string;
  id?: number;
  type?: number;
  /** Header flags; recursion desired, and for an answer response and recursion available too, when left out. */
  flags?: number;
  /** Last bytes of the IPv4 addresses that are answered; [1] when left out. */
  addresses?: number[];
  ttlSeconds?: number;
  flow?: number;
  /** Bytes that were captured, when not all were. */
  captured?: number;
}

export class DnsScript {
  readonly flows: FlowTable = new FlowTable(16);
  readonly transactions: DnsTransactions;
  readonly streams: DnsStreams;
  readonly time: ObservedTime = { startedNs: 0, endedNs: null, silenceTells: true, dnsSilenceTells: true };
  readonly rows: DnsRows;
  packet = -1;
  atMs = 0;

  /** Flows 0 to 3 are of one VM address, flow 4 is of another. */
  constructor(maxTransactions = 1000, bound: "stop" | "wrap" = "stop") {
    this.transactions = new DnsTransactions(this.flows, maxTransactions, bound, new MalformedTally());
    this.streams = new DnsStreams(this.transactions, new ByteBudget(1 << 20));
    this.rows = new DnsRows(this.transactions, this.flows, this.time);
    for (let index = 0; index < 5; index++) {
      const flow = this.flows.add();
      this.flows.setInt(flow, FlowField.vmAddress + 12, index < 4 ? 0x0a000004 : 0x0a000005);
      this.flows.setInt(flow, FlowField.vmPort, 40000 + index);
    }
  }

  at(atMs: number): this {
    this.atMs = atMs;
    return this;
  }

  ask(message: ScriptedMessage): this {
    return this.#send(true, message, dnsBytes(parts(message, true)));
  }

  answer(message: ScriptedMessage): this {
    return this.#send(false, message, dnsBytes(parts(message, false)));
  }

  /** The same over TCP: messages with their lengths, cut into pieces at these places. */
  stream(toPlatform: boolean, messages: readonly ScriptedMessage[], cuts: readonly number[] = [], flow = 3): this {
    const bytes = messages.flatMap((message) => {
      const body = dnsBytes(parts(message, toPlatform));
      return [body.length >> 8, body.length & 0xff, ...body];
    });
    this.packet++;
    const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
    for (const [index, end] of places.slice(1).entries()) {
      const block = Uint8Array.from([9, 9, ...bytes.slice(places[index], end), 9, 9]);
      const view = new DataView(block.buffer);
      this.streams.stream(flow, toPlatform, this.packet, this.atMs * 1e6, view, 2, block.length - 2);
      block.fill(0xee);
    }
    return this;
  }

  get records(): DnsRecord[] {
    return [...this.rows];
  }

  /** The only transaction. */
  get record(): DnsRecord {
    const record = this.rows.at(0);
    if (record === undefined || this.rows.length !== 1) throw new Error(`${this.rows.length} transactions`);
    return record;
  }

  #send(toPlatform: boolean, message: ScriptedMessage, bytes: Uint8Array): this {
    this.packet++;
    const captured = Math.min(bytes.length, message.captured ?? bytes.length);
    const block = Uint8Array.from([9, 9, ...bytes.subarray(0, captured), 9, 9]);
    const view = new DataView(block.buffer);
    const { flow = 0 } = message;
    const whole = captured === bytes.length;
    this.transactions.message(flow, false, toPlatform, this.packet, this.atMs * 1e6, view, 2, captured + 2, whole);
    block.fill(0xee);
    return this;
  }
}

function parts(message: ScriptedMessage, query: boolean): Parameters<typeof dnsBytes>[0] {
  const { name, id = 1, type = 1, addresses = [1], ttlSeconds = 60 } = message;
  return {
    id,
    flags: message.flags ?? (query ? 0x0100 : 0x8180),
    questions: [{ name, type }],
    answers: query
      ? []
      : addresses.map((last) => ({ name, type: 1, ttlSeconds, data: Uint8Array.from([10, 0, 0, last]) })),
  };
}
