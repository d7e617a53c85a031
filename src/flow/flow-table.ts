/**
 * One row for each conversation between a VM endpoint and a platform endpoint. Flow ids are row numbers, in order of first packet
 * unless rows were released and used again.
 */
import { ipv4Text, ipv6Text, macText } from "../bytes/address.ts";
import { RowTable } from "./row-table.ts";

/** Who began a flow. */
export const Initiator = {
  /** The start was not captured and nothing tells. */
  unknown: 0,
  vm: 1,
  platform: 2,
} as const;
export type Initiator = (typeof Initiator)[keyof typeof Initiator];

/** What a flow is. 0 is a row that is not in use. */
export const FlowKind = {
  free: 0,
  tcp: 1,
  udp: 2,
  /** ICMP or ICMPv6: an echo exchange by identifier, or all else between two addresses. */
  icmp: 3,
  /** UDP that is DHCP: one client, by its hardware address, and whoever serves it. */
  dhcp: 4,
} as const;
export type FlowKind = (typeof FlowKind)[keyof typeof FlowKind];

/** Bits of `FlowField.flags`. */
export const FlowFlag = {
  /** The listener wants its payload. */
  wanted: 1,
  /** A newer flow has its addresses and ports: TCP port reuse, or silence. */
  superseded: 2,
  /** An ICMP error quoted it. */
  icmpError: 4,
  /** Where the stream of this direction stands is known. */
  startedTo: 8,
  startedFrom: 16,
  /** `closed` was told for this direction. */
  closedTo: 32,
  closedFrom: 64,
  /** The listener's own: transactions of the flow were let go of before it, and signs of life among them. */
  hadTransactions: 128,
  hadBeats: 256,
} as const;

/**
 * Byte offsets of a flow's fields. Doubles: those that end in `Ns`, and byte counts. All others are 32-bit integers.
 * "To" and "from" are to and from the platform. Duplicates and ICMP errors that quote the flow are in no counter but their own.
 */
export const FlowField = {
  /** First and last packet (duplicates left out), nanoseconds from the time base. */
  startedNs: 0,
  endedNs: 8,
  /** IP packet lengths as stated on the wire. */
  bytesTo: 16,
  bytesFrom: 24,
  /** TCP or UDP payload as stated on the wire; TCP sequence ranges that were seen before are not counted again. */
  payloadTo: 32,
  payloadFrom: 40,
  /** Four words each, as in `IpAddress`. Those of a DHCP flow change: see `tracker.ts`. */
  vmAddress: 48,
  platformAddress: 64,
  /** -1 without. An ICMP echo's identifier stands in `vmPort`, for the key alone. */
  vmPort: 80,
  platformPort: 84,
  /** `FlowKind`. */
  kind: 88,
  /** IP protocol number. */
  protocol: 92,
  /** 4 or 6. */
  ipVersion: 96,
  /** `Initiator`. */
  initiator: 100,
  /** `FlowFlag` bits. */
  flags: 104,
  /** Outermost 802.1Q identifier of the first packet that had one; -1 without. VLANs do not tell flows apart. */
  vlan: 108,
  /** NICs by which packets left for the platform and came from it last; -1 when unknown. Ask `NicTable.current` before comparing. */
  nicTo: 112,
  nicFrom: 116,
  /** High 16 and low 32 bits of the first MAC seen on each side; high -1 when the link type has none. */
  vmMacHigh: 120,
  vmMacLow: 124,
  platformMacHigh: 128,
  platformMacLow: 132,
  packetsTo: 136,
  packetsFrom: 140,
  /** The same packet seen again on another interface. */
  duplicatePackets: 144,
  /** Packets captured shorter than on the wire. */
  truncatedPackets: 148,
  /** Ends of the flow's chain in the packet table; -1 when none of its packets is held. */
  firstPacket: 152,
  lastPacket: 156,
  /** Row in the TCP table; -1 unless kind is tcp. */
  tcp: 160,
  /** The listener's own: tracking sets them to 0 when the flow opens and never reads them. */
  service: 164,
  serviceRow: 168,
  /** Next sequence number of each direction's stream, as far as it was put together. */
  streamTo: 172,
  streamFrom: 176,
  /** Hash of the flow's key. */
  hash: 180,
  /** TTL or hop limit of the first packet from the platform; 0 until there is one. */
  timeToLiveFrom: 184,
  /** TTL or hop limit of the packet that opened the flow. */
  timeToLiveOpening: 188,
} as const;

export const FLOW_BYTES = 192;

/** The flow table: `FlowField` tells what a row holds. */
export class FlowTable extends RowTable {
  /** Rows that were given back so far: once there are any, row order is no longer the order of first packets. */
  released = 0;

  constructor(maxFlows: number) {
    super(FLOW_BYTES, maxFlows);
  }

  /** False for a row that is not in use. */
  holds(flow: number): boolean {
    return flow >= 0 && flow < this.rows && this.int(flow, FlowField.kind) !== FlowKind.free;
  }

  /** What the report calls its protocol. */
  protocolName(flow: number): "tcp" | "udp" | "icmp" {
    const kind = this.int(flow, FlowField.kind);
    if (kind === FlowKind.tcp) return "tcp";
    return kind === FlowKind.icmp ? "icmp" : "udp";
  }

  vmAddressText(flow: number): string {
    return this.addressText(flow, FlowField.vmAddress);
  }

  platformAddressText(flow: number): string {
    return this.addressText(flow, FlowField.platformAddress);
  }

  /** Whether the VM's address is the same in both flows. */
  haveOneVmAddress(flow: number, other: number): boolean {
    if (this.int(flow, FlowField.ipVersion) !== this.int(other, FlowField.ipVersion)) return false;
    for (let field = FlowField.vmAddress + 12; field >= FlowField.vmAddress; field -= 4)
      if (this.int(flow, field) !== this.int(other, field)) return false;
    return true;
  }

  /** Null when the link type has none. */
  vmMacText(flow: number): string | null {
    return this.macText(flow, FlowField.vmMacHigh, FlowField.vmMacLow);
  }

  /** Null when the link type has none. */
  platformMacText(flow: number): string | null {
    return this.macText(flow, FlowField.platformMacHigh, FlowField.platformMacLow);
  }

  private addressText(flow: number, field: number): string {
    const word3 = this.int(flow, field + 12) >>> 0;
    if (this.int(flow, FlowField.ipVersion) !== 6) return ipv4Text(word3);
    return ipv6Text(
      this.int(flow, field) >>> 0,
      this.int(flow, field + 4) >>> 0,
      this.int(flow, field + 8) >>> 0,
      word3,
    );
  }

  private macText(flow: number, highField: number, lowField: number): string | null {
    const high = this.int(flow, highField);
    return high < 0 ? null : macText(high * 0x100000000 + (this.int(flow, lowField) >>> 0));
  }
}
