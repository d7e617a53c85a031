/** The stores of one analysis: what its conversations were for and how their transactions went. */
import { ByteBudget } from "../bytes/byte-budget.ts";
import { TextPool } from "../bytes/text-pool.ts";
import { MalformedTally } from "../decode/malformed.ts";
import { FlowField, type FlowTable } from "../flow/flow-table.ts";
import type { IcmpErrors } from "../flow/icmp-errors.ts";
import type { PacketTable } from "../flow/packet-table.ts";
import type { TcpTable } from "../flow/tcp-table.ts";
import {
  LIVE_LEAST_PROBES,
  LIVE_LEAST_TRANSACTIONS,
  MAX_DNS_TRANSACTIONS,
  MAX_HTTP_EXCHANGES,
  MAX_LIVE_DNS_TRANSACTIONS,
  MAX_LIVE_HTTP_EXCHANGES,
  MAX_PIECES_BYTES,
} from "../limits.ts";
import { DhcpExchanges, type IsPlatformAddress, type OnPlatformAddress } from "./dhcp.ts";
import { DnsTransactions } from "./dns.ts";
import { DnsRows } from "./dns-rows.ts";
import { DnsStreams } from "./dns-tcp.ts";
import { HealthProbes } from "./health-probe.ts";
import { HttpExchanges } from "./http-exchanges.ts";
import { HttpRows } from "./http-rows.ts";
import { LetGoCounts } from "./let-go-counts.ts";
import type { ObservedTime } from "./observed-time.ts";
import type { DnsMismatchRecord, ProbeSeriesRecord } from "./records.ts";

/** The tables of flow tracking that services read. */
export interface TrackedTables {
  readonly flows: FlowTable;
  readonly tcp: { readonly table: TcpTable };
  readonly packets: PacketTable;
  readonly icmpErrors: IcmpErrors;
}

/** What services are told, and whom they tell. */
export interface ServiceOptions {
  /** A session that goes on and on: the oldest transactions are forgotten instead of new ones. */
  readonly live: boolean;
  readonly isPlatform: IsPlatformAddress;
  /** A lease names an address as the platform's that is not known as such. Called for every such lease. */
  readonly onPlatformAddress: OnPlatformAddress;
}

/** What a service's answer counts. */
export interface ServiceCounts {
  readonly flows: number;
  readonly succeeded: number;
  readonly failed: number;
}

export class Services {
  readonly flows: FlowTable;
  /** How far the capture goes: set by the analysis before rows are read. */
  readonly time: ObservedTime = { startedNs: null, endedNs: null, silenceTells: true, dnsSilenceTells: true };
  /** Request targets, hosts and agents. */
  readonly texts: TextPool = new TextPool();
  /** For messages that come in several pieces. */
  readonly pieces: ByteBudget = new ByteBudget(MAX_PIECES_BYTES);
  /** Messages that could not be read as what they should be. */
  readonly malformed: MalformedTally = new MalformedTally();
  /** What flows counted for that a live session has let go of. */
  readonly letGo: LetGoCounts;
  readonly dnsTransactions: DnsTransactions;
  readonly dnsStreams: DnsStreams;
  readonly httpExchanges: HttpExchanges;
  readonly healthProbes: HealthProbes;
  readonly dns: DnsRows;
  readonly dhcp: DhcpExchanges;
  readonly http: HttpRows;

  constructor(tables: TrackedTables, options: ServiceOptions) {
    const bound = options.live ? "wrap" : "stop";
    const { flows } = tables;
    this.flows = flows;
    const maxDns = options.live ? MAX_LIVE_DNS_TRANSACTIONS : MAX_DNS_TRANSACTIONS;
    const maxHttp = options.live ? MAX_LIVE_HTTP_EXCHANGES : MAX_HTTP_EXCHANGES;
    this.dnsTransactions = new DnsTransactions(flows, maxDns, bound, this.malformed);
    this.dnsStreams = new DnsStreams(this.dnsTransactions, this.pieces);
    this.dns = new DnsRows(this.dnsTransactions, flows, this.time);
    this.dhcp = new DhcpExchanges(this.time, this.malformed, options.isPlatform, options.onPlatformAddress);
    this.httpExchanges = new HttpExchanges(flows, this.texts, maxHttp, bound, this.pieces, this.malformed);
    this.http = new HttpRows(this.httpExchanges, flows);
    this.letGo = new LetGoCounts(this, tables);
    this.healthProbes = new HealthProbes(tables, this.httpExchanges, this.http, this.time, this.malformed, this.letGo);
    this.dnsTransactions.onForget = (id) => this.letGo.question(id);
    this.httpExchanges.table.onForget = (id) => this.letGo.exchange(id);
  }

  /** Lets go of transactions and probes that began before `beforeNs`, but for the latest of each kind. Their counts stay. */
  letGoBefore(beforeNs: number): void {
    this.dnsTransactions.letGoBefore(beforeNs, LIVE_LEAST_TRANSACTIONS);
    this.httpExchanges.letGoBefore(beforeNs, LIVE_LEAST_TRANSACTIONS);
    this.healthProbes.letGoBefore(beforeNs, LIVE_LEAST_PROBES);
  }

  get dnsMismatches(): readonly DnsMismatchRecord[] {
    return this.dnsTransactions.mismatches;
  }

  /** One series for each probed endpoint, as things stand. */
  get probes(): readonly ProbeSeriesRecord[] {
    return this.healthProbes.series();
  }

  /** `ServiceCode` of a flow. */
  serviceOf(flow: number): number {
    return this.flows.int(flow, FlowField.service);
  }
}
