/** Flows as rules see them: views over rows of the tables, whose fields are read when they are asked for. */
import { FlowField, FlowKind, type FlowTable, Initiator } from "../flow/flow-table.ts";
import { firstFin, tcpEnding, tcpOutcome } from "../flow/handshake.ts";
import type { PacketTable } from "../flow/packet-table.ts";
import type { TcpTracker } from "../flow/tcp.ts";
import { SideField, TcpField, type TcpTable } from "../flow/tcp-table.ts";
import type { ServiceName, TcpEnding, TcpOutcome } from "../report/report.ts";
import { serviceName } from "../service/platform.ts";
import type { FlowFact, PerDirection, TcpFact } from "./facts.ts";

/** The tables that tracking fills. */
export interface FlowTables {
  readonly flows: FlowTable;
  readonly tcp: TcpTracker;
  readonly packets: PacketTable;
}

/** Names a NIC of the tables as `PlatformFacts.nics` counts; null when unknown. */
export type NicOf = (nic: number) => number | null;

/** One flow. Valid while its row is. */
export class FlowRow implements FlowFact {
  readonly id: number;
  private readonly row: number;
  private readonly tables: FlowTables;
  private readonly nicOf: NicOf;

  constructor(id: number, row: number, tables: FlowTables, nicOf: NicOf) {
    this.id = id;
    this.row = row;
    this.tables = tables;
    this.nicOf = nicOf;
  }

  get service(): ServiceName {
    return serviceName(this.int(FlowField.service));
  }

  get protocol(): "tcp" | "udp" | "icmp" {
    return flowProtocol(this.int(FlowField.kind));
  }

  get initiator(): "vm" | "platform" | null {
    return initiatorText(this.int(FlowField.initiator));
  }

  get vmAddress(): string {
    return this.tables.flows.vmAddressText(this.row);
  }

  get vmPort(): number | null {
    return this.int(FlowField.kind) === FlowKind.icmp ? null : known(this.int(FlowField.vmPort));
  }

  get vmMac(): string | null {
    return this.tables.flows.vmMacText(this.row);
  }

  get platformAddress(): string {
    return this.tables.flows.platformAddressText(this.row);
  }

  get platformPort(): number | null {
    return this.int(FlowField.kind) === FlowKind.icmp ? null : known(this.int(FlowField.platformPort));
  }

  get platformMac(): string | null {
    return this.tables.flows.platformMacText(this.row);
  }

  get startedNs(): number {
    return this.tables.flows.double(this.row, FlowField.startedNs);
  }

  get endedNs(): number {
    return this.tables.flows.double(this.row, FlowField.endedNs);
  }

  get packets(): PerDirection {
    return { toPlatform: this.int(FlowField.packetsTo), fromPlatform: this.int(FlowField.packetsFrom) };
  }

  get payloadBytes(): PerDirection {
    const { flows } = this.tables;
    return {
      toPlatform: flows.double(this.row, FlowField.payloadTo),
      fromPlatform: flows.double(this.row, FlowField.payloadFrom),
    };
  }

  get duplicatePackets(): number {
    return this.int(FlowField.duplicatePackets);
  }

  get truncatedPackets(): number {
    return this.int(FlowField.truncatedPackets);
  }

  get nicTo(): number | null {
    return this.nicOf(this.int(FlowField.nicTo));
  }

  get nicFrom(): number | null {
    return this.nicOf(this.int(FlowField.nicFrom));
  }

  get tcp(): TcpFact | null {
    const row = this.int(FlowField.tcp);
    if (this.int(FlowField.kind) !== FlowKind.tcp || row < 0) return null;
    const oneWay = (this.int(FlowField.packetsTo) === 0) !== (this.int(FlowField.packetsFrom) === 0);
    return new TcpRow(row, oneWay, this.endedNs, this.tables.tcp);
  }

  private int(field: number): number {
    return this.tables.flows.int(this.row, field);
  }
}

/** What the segments of one connection told. */
class TcpRow implements TcpFact {
  private readonly row: number;
  private readonly isOneWay: boolean;
  private readonly endedNs: number;
  private readonly connections: TcpTracker;
  private readonly table: TcpTable;

  constructor(row: number, isOneWay: boolean, endedNs: number, connections: TcpTracker) {
    this.row = row;
    this.isOneWay = isOneWay;
    this.endedNs = endedNs;
    this.connections = connections;
    this.table = connections.table;
  }

  get outcome(): TcpOutcome {
    return tcpOutcome(this.int(TcpField.seen));
  }

  get ending(): TcpEnding | null {
    return tcpEnding(this.int(TcpField.seen), this.isOneWay);
  }

  get handshakeMs(): number | null {
    return handshakeMs(this.table, this.row);
  }

  get synRetransmissions(): number {
    return this.int(TcpField.synRetransmissions);
  }

  get synAckRetransmissions(): number {
    return Math.max(0, this.int(TcpField.synAcks) - 1);
  }

  get synAcks(): number {
    return this.int(TcpField.synAcks);
  }

  get dataSegments(): PerDirection {
    return sideCounts(this.table, this.row, SideField.dataSegments);
  }

  get retransmissions(): PerDirection {
    return sideCounts(this.table, this.row, SideField.retransmissions);
  }

  get outOfOrder(): PerDirection {
    return sideCounts(this.table, this.row, SideField.outOfOrder);
  }

  get duplicateAcks(): PerDirection {
    return sideCounts(this.table, this.row, SideField.duplicateAcks);
  }

  get zeroWindows(): PerDirection {
    return sideCounts(this.table, this.row, SideField.zeroWindows);
  }

  get longestZeroWindowMs(): { toPlatform: number | null; fromPlatform: number | null } {
    return { toPlatform: this.zeroWindowMs(true), fromPlatform: this.zeroWindowMs(false) };
  }

  get lostBytes(): PerDirection {
    return {
      toPlatform: this.table.sideDouble(this.row, true, SideField.lostBytes),
      fromPlatform: this.table.sideDouble(this.row, false, SideField.lostBytes),
    };
  }

  get unacknowledgedBytes(): PerDirection {
    return {
      toPlatform: this.connections.unacknowledgedBytes(this.row, true),
      fromPlatform: this.connections.unacknowledgedBytes(this.row, false),
    };
  }

  get unacknowledgedRetransmissions(): PerDirection {
    return {
      toPlatform: this.connections.unacknowledgedRetransmissions(this.row, true),
      fromPlatform: this.connections.unacknowledgedRetransmissions(this.row, false),
    };
  }

  get unacknowledgedSinceNs(): { toPlatform: number | null; fromPlatform: number | null } {
    return {
      toPlatform: this.connections.unacknowledgedSinceNs(this.row, true),
      fromPlatform: this.connections.unacknowledgedSinceNs(this.row, false),
    };
  }

  get largestAcknowledgedBytes(): PerDirection {
    return sideCounts(this.table, this.row, SideField.largestAcknowledged);
  }

  get smallestRetransmittedBytes(): PerDirection {
    return sideCounts(this.table, this.row, SideField.smallestRetransmitted);
  }

  get roundTripMedianMs(): number | null {
    const roundTrip = this.connections.roundTrip(this.row);
    return roundTrip === null ? null : roundTrip.medianNs / 1e6;
  }

  get firstFin(): "vm" | "platform" | null {
    return firstFin(this.int(TcpField.seen));
  }

  private int(field: number): number {
    return this.table.int(this.row, field);
  }

  private zeroWindowMs(toPlatform: boolean): number | null {
    const ns = this.connections.longestZeroWindowNs(this.row, toPlatform, this.endedNs);
    return ns === null ? null : ns / 1e6;
  }
}

/** A count of both directions. */
export function sideCounts(tcp: TcpTable, row: number, field: number): PerDirection {
  return { toPlatform: tcp.sideInt(row, true, field), fromPlatform: tcp.sideInt(row, false, field) };
}

/** SYN to the ACK that completes the handshake; null when either was not seen. */
export function handshakeMs(tcp: TcpTable, row: number): number | null {
  const ns = tcp.double(row, TcpField.handshakeNs);
  return ns < 0 ? null : ns / 1e6;
}

/** The report's word for a `FlowKind`. */
export function flowProtocol(kind: number): "tcp" | "udp" | "icmp" {
  if (kind === FlowKind.tcp) return "tcp";
  return kind === FlowKind.icmp ? "icmp" : "udp";
}

/** The report's word for an `Initiator`. */
export function initiatorText(initiator: number): "vm" | "platform" | null {
  if (initiator === Initiator.unknown) return null;
  return initiator === Initiator.vm ? "vm" : "platform";
}

function known(port: number): number | null {
  return port < 0 ? null : port;
}
