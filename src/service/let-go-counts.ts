/** What flows and transactions counted for that a live session has let go of, so that the services' counts stay exact. */
import { FlowField, FlowFlag, FlowKind } from "../flow/flow-table.ts";
import { tcpOutcome } from "../flow/handshake.ts";
import { TcpField } from "../flow/tcp-table.ts";
import { cameToBe } from "../report/connection-outcomes.ts";
import type { ServiceName } from "../report/report.ts";
import { isAnsweredWell, isServedWell, isTwoWay } from "./activity.ts";
import { DnsField, DnsFlag } from "./dns-fields.ts";
import { isGoodBeat, signOfLifeOf } from "./heartbeat.ts";
import { HttpField, HttpFlag } from "./http-exchanges.ts";
import { ServiceCode, serviceName } from "./platform.ts";
import type { ServiceCounts, Services, TrackedTables } from "./services.ts";
import { TransactionField } from "./transaction-table.ts";

/** Counts of one service. */
interface Counts {
  flows: number;
  succeeded: number;
  failed: number;
}

export class LetGoCounts {
  readonly #services: Services;
  readonly #tables: TrackedTables;
  readonly #counts = new Map<ServiceName, Counts>();

  constructor(services: Services, tables: TrackedTables) {
    this.#services = services;
    this.#tables = tables;
  }

  /** Undefined when nothing of the service was let go of. */
  of(service: ServiceName): ServiceCounts | undefined {
    return this.#counts.get(service);
  }

  /** A flow leaves, and its transactions with it. Its probes are kept, and counted when they leave. */
  flow(flow: number): void {
    const { flows, tcp } = this.#tables;
    const { dnsTransactions, httpExchanges } = this.#services;
    const code = flows.int(flow, FlowField.service);
    const counts = this.#countsOf(serviceName(code));
    counts.flows++;
    if (code === ServiceCode.dhcp || code === ServiceCode.healthProbe) return;
    const isTcp = flows.int(flow, FlowField.kind) === FlowKind.tcp;
    if (code === ServiceCode.dns) {
      const { table } = dnsTransactions;
      for (let id = table.firstOf(flow); id >= 0; id = table.nextOf(id)) this.question(id);
    } else if (code === ServiceCode.wireserver || code === ServiceCode.hostgaPlugin) {
      const { table } = httpExchanges;
      for (let id = table.firstOf(flow); id >= 0; id = table.nextOf(id)) this.exchange(id);
    } else if (!isTcp && isTwoWay(flows, flow)) counts.succeeded++;
    if (!isTcp || (flows.int(flow, FlowField.flags) & FlowFlag.hadTransactions) !== 0) return;
    const row = flows.int(flow, FlowField.tcp);
    count(counts, row >= 0 && cameToBe(tcpOutcome(tcp.table.int(row, TcpField.seen))));
  }

  /** A DNS transaction leaves. */
  question(id: number): void {
    const { table } = this.#services.dnsTransactions;
    this.#noteTransactions(table.int(id, TransactionField.flow), FlowFlag.hadTransactions);
    const flags = table.int(id, DnsField.classAndFlags);
    if ((flags & DnsFlag.unsolicited) !== 0) return;
    count(this.#countsOf("dns"), (flags & DnsFlag.answered) !== 0 && isAnsweredWell(table, id));
  }

  /** An HTTP exchange leaves. Those of probes are counted as probes. */
  exchange(id: number): void {
    const { flows } = this.#tables;
    const { httpExchanges } = this.#services;
    const { table } = httpExchanges;
    const flow = table.int(id, TransactionField.flow);
    const code = flows.int(flow, FlowField.service);
    if (code === ServiceCode.healthProbe) {
      this.#services.healthProbes.requestLeaves(flow);
      this.#noteTransactions(flow, FlowFlag.hadTransactions);
    }
    if (code !== ServiceCode.wireserver && code !== ServiceCode.hostgaPlugin) return;
    const isFirstBeat = this.#isFirstBeat(flow, id);
    this.#noteTransactions(flow, FlowFlag.hadTransactions);
    const flags = table.int(id, HttpField.flags);
    const hasAnswer = (flags & HttpFlag.response) !== 0;
    const counted = hasAnswer || (flags & HttpFlag.cut) === 0;
    if (counted) count(this.#countsOf(serviceName(code)), hasAnswer && isServedWell(httpExchanges, id, code));
    if (isFirstBeat === null) return;
    const beats = this.#countsOf("heartbeat");
    if (isFirstBeat) beats.flows++;
    if (counted) count(beats, isGoodBeat(table, id));
  }

  /** A probe that has come to its end leaves. */
  probe(isUp: boolean): void {
    count(this.#countsOf("health-probe"), isUp);
  }

  /** Null when the exchange is no sign of life; else whether it is the flow's first that leaves. */
  #isFirstBeat(flow: number, id: number): boolean | null {
    if (signOfLifeOf(this.#services, id) === null) return null;
    const isFirst = (this.#tables.flows.int(flow, FlowField.flags) & FlowFlag.hadBeats) === 0;
    this.#noteTransactions(flow, FlowFlag.hadBeats);
    return isFirst;
  }

  #noteTransactions(flow: number, flag: number): void {
    const { flows } = this.#tables;
    flows.setInt(flow, FlowField.flags, flows.int(flow, FlowField.flags) | flag);
  }

  #countsOf(service: ServiceName): Counts {
    let counts = this.#counts.get(service);
    if (counts === undefined) {
      counts = { flows: 0, succeeded: 0, failed: 0 };
      this.#counts.set(service, counts);
    }
    return counts;
  }
}

function count(counts: Counts, succeeded: boolean): void {
  if (succeeded) counts.succeeded++;
  else counts.failed++;
}
