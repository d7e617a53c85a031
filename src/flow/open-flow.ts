/** Fills the row of a new flow from its first packet, and keeps the addresses of DHCP flows up to date. */
import { type Packet, PacketKind } from "../decode/packet.ts";
import { TcpFlag } from "../decode/tcp-flags.ts";
import { FlowField, FlowKind, type FlowTable, Initiator } from "./flow-table.ts";
import type { FlowKey } from "./key.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Field = FlowField;
const Kind = FlowKind;
const Layer = PacketKind;
const Flag = TcpFlag;
const Began = Initiator;

const FIRST_EPHEMERAL_PORT = 1024;
const BROADCAST = -1;
/** "Your" address in a BOOTP reply (RFC 951). */
const BOOTP_YOUR_ADDRESS = 16;

/** Sets all fields of the row `flow`, which is all zero, but for counters. `tcp` is its row in the TCP table, -1 without. */
export function openFlow(
  flows: FlowTable,
  flow: number,
  key: FlowKey,
  packet: Packet,
  tcp: number,
  atNs: number,
): void {
  const view = flows.view(flow);
  const at = flows.at(flow);
  view.setFloat64(at + Field.startedNs, atNs, true);
  view.setFloat64(at + Field.endedNs, atNs, true);
  const set = (field: number, value: number): void => view.setInt32(at + field, value, true);
  set(Field.vmAddress, key.vm0);
  set(Field.vmAddress + 4, key.vm1);
  set(Field.vmAddress + 8, key.vm2);
  set(Field.vmAddress + 12, key.vm3);
  set(Field.platformAddress, key.platform0);
  set(Field.platformAddress + 4, key.platform1);
  set(Field.platformAddress + 8, key.platform2);
  set(Field.platformAddress + 12, key.platform3);
  set(Field.vmPort, key.vmPort);
  set(Field.platformPort, key.platformPort);
  set(Field.kind, key.kind);
  set(Field.protocol, key.protocol);
  set(Field.ipVersion, key.ipVersion);
  set(Field.hash, key.hash);
  set(Field.tcp, tcp);
  set(Field.vlan, packet.vlan);
  set(Field.nicTo, -1);
  set(Field.nicFrom, -1);
  set(Field.vmMacHigh, -1);
  set(Field.platformMacHigh, -1);
  set(Field.firstPacket, -1);
  set(Field.lastPacket, -1);
  set(Field.initiator, firstSender(key, packet));
  set(Field.timeToLiveOpening, packet.ttl);
  if (key.kind !== Kind.dhcp) return;
  set(Field.vmMacHigh, key.macHigh);
  set(Field.vmMacLow, key.macLow);
  if (key.toPlatform) return;
  set(Field.vmAddress + 12, 0);
}

/**
 * A DHCP flow's VM address is the client's once it has one, or is offered one; its platform address the server's that answered, a
 * platform address before others.
 */
export function noteDhcpAddresses(
  flows: FlowTable,
  flow: number,
  key: FlowKey,
  packet: Packet,
  sourceIsPlatform: boolean,
): void {
  const vm = flows.int(flow, Field.vmAddress + 12);
  if (key.toPlatform) {
    if (vm === 0 && key.vm3 !== 0) flows.setInt(flow, Field.vmAddress + 12, key.vm3);
    return;
  }
  if (vm === 0) flows.setInt(flow, Field.vmAddress + 12, offeredAddress(key, packet));
  const server = flows.int(flow, Field.platformAddress + 12);
  if (sourceIsPlatform || server === BROADCAST || server === 0)
    flows.setInt(flow, Field.platformAddress + 12, key.platform3);
}

/** Who sent first has begun, unless a server's port answers a client's, or a DHCP server its client. Of TCP, SYN or SYN-ACK tells. */
function firstSender(key: FlowKey, packet: Packet): Initiator {
  if (key.kind === Kind.tcp) {
    if (packet.kind !== Layer.tcp || (packet.tcpFlags & Flag.syn) === 0) return Began.unknown;
    return key.toPlatform === ((packet.tcpFlags & Flag.ack) === 0) ? Began.vm : Began.platform;
  }
  if (key.kind === Kind.dhcp) return Began.vm;
  const sourcePort = key.toPlatform ? key.vmPort : key.platformPort;
  const destinationPort = key.toPlatform ? key.platformPort : key.vmPort;
  const isAnswer =
    key.kind === Kind.udp && sourcePort < FIRST_EPHEMERAL_PORT && destinationPort >= FIRST_EPHEMERAL_PORT;
  return key.toPlatform !== isAnswer ? Began.vm : Began.platform;
}

function offeredAddress(key: FlowKey, packet: Packet): number {
  if (key.vm3 !== BROADCAST && key.vm3 !== 0) return key.vm3;
  const { view, payloadStart, payloadEnd } = packet;
  if (payloadEnd - payloadStart < BOOTP_YOUR_ADDRESS + 4) return 0;
  return view.getInt32(payloadStart + BOOTP_YOUR_ADDRESS);
}
