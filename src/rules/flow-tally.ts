/** One walk over all flows: which are out of the ordinary, and which show one direction alone. Makes no text. */
import { FlowField, FlowFlag, FlowKind, type FlowTable, Initiator } from "../flow/flow-table.ts";
import { tcpOutcome } from "../flow/handshake.ts";
import { SideField, TcpField, TcpSeen, type TcpTable } from "../flow/tcp-table.ts";
import { DNS_PORT, HOSTGA_PLUGIN_PORT, ServiceCode, WIRESERVER_PORT } from "../service/platform.ts";
import type { ShownDirections } from "./claim-limits.ts";
import type { FlowOrder } from "./flow-order.ts";

/** A handshake from which on a flow is worth a look; the rule has its own threshold above it. */
const SLOW_HANDSHAKE_NS = 100e6;

const TCP_PORTS: readonly number[] = [WIRESERVER_PORT, HOSTGA_PLUGIN_PORT, DNS_PORT];

/** What the walk found. Flows are ids. */
export interface FlowTally {
  readonly notable: readonly number[];
  readonly oneWayTo: number;
  readonly oneWayFrom: number;
  readonly twoWay: number;
}

/** The directions that conversations show. */
export function directionsOf({ oneWayTo, oneWayFrom, twoWay }: FlowTally): ShownDirections {
  return { oneWayFlows: { toPlatform: oneWayTo, fromPlatform: oneWayFrom }, twoWayFlows: twoWay };
}

/** What is usual, so that the rest is notable. */
export interface Usual {
  /** Raw NIC that platform traffic belongs on; -1 when unknown. */
  readonly primaryNic: number;
  /** The one address, of IPv4, that it should come from, as a signed word; null when unknown. */
  readonly primaryAddress: number | null;
  /** Rows that the tables have since made one NIC have one number here. */
  sameNic(nic: number): number;
}

/** Walks the flows of `order`. */
export function tallyFlows(flows: FlowTable, tcp: TcpTable, order: FlowOrder, usual: Usual): FlowTally {
  const notable: number[] = [];
  let oneWayTo = 0;
  let oneWayFrom = 0;
  let twoWay = 0;
  for (let id = 0; id < order.count; id++) {
    const row = order.rowOf(id);
    if (isNotable(flows, tcp, row, usual)) notable.push(id);
    const direction = shownDirection(flows, tcp, row);
    if (direction === "both") twoWay++;
    else if (direction === "to") oneWayTo++;
    else if (direction === "from") oneWayFrom++;
  }
  return { notable, oneWayTo, oneWayFrom, twoWay };
}

function isNotable(flows: FlowTable, tcp: TcpTable, row: number, usual: Usual): boolean {
  if (flows.int(row, FlowField.truncatedPackets) > 0) return true;
  if ((flows.int(row, FlowField.flags) & FlowFlag.icmpError) !== 0) return true;
  const nicTo = usual.sameNic(flows.int(row, FlowField.nicTo));
  const nicFrom = usual.sameNic(flows.int(row, FlowField.nicFrom));
  if (nicTo >= 0 && nicFrom >= 0 && nicTo !== nicFrom) return true;
  if (usual.primaryNic >= 0 && nicTo >= 0 && nicTo !== usual.primaryNic) return true;
  const service = flows.int(row, FlowField.service);
  if (service === ServiceCode.other || service === ServiceCode.icmp) return true;
  const address = flows.int(row, FlowField.vmAddress + 12);
  const isIpv4 = flows.int(row, FlowField.ipVersion) === 4;
  const expected = usual.primaryAddress;
  if (service !== ServiceCode.dhcp && isIpv4 && expected !== null && address !== expected) return true;
  if (flows.int(row, FlowField.kind) !== FlowKind.tcp) {
    return flows.int(row, FlowField.packetsTo) === 0 || flows.int(row, FlowField.packetsFrom) === 0;
  }
  if (
    flows.int(row, FlowField.initiator) === Initiator.vm &&
    !TCP_PORTS.includes(flows.int(row, FlowField.platformPort))
  ) {
    return true;
  }
  return isNotableTcp(tcp, flows.int(row, FlowField.tcp));
}

/** A SYN, a SYN-ACK, an ACK and both FINs, nothing sent twice, late or lost: that is ordinary. */
const ORDINARY: number = TcpSeen.syn | TcpSeen.synAck | TcpSeen.handshakeAck | TcpSeen.finByVm | TcpSeen.finByPlatform;
const RESET: number = TcpSeen.resetByVm | TcpSeen.resetByPlatform;

function isNotableTcp(tcp: TcpTable, row: number): boolean {
  if (row < 0) return true;
  const seen = tcp.int(row, TcpField.seen);
  if ((seen & ORDINARY) !== ORDINARY || (seen & RESET) !== 0) return true;
  if (tcp.int(row, TcpField.synRetransmissions) > 0 || tcp.int(row, TcpField.synAcks) > 1) return true;
  if (tcp.double(row, TcpField.handshakeNs) > SLOW_HANDSHAKE_NS) return true;
  return isNotableSide(tcp, row, TcpField.to) || isNotableSide(tcp, row, TcpField.from);
}

function isNotableSide(tcp: TcpTable, row: number, side: number): boolean {
  return (
    tcp.int(row, side + SideField.retransmissions) > 0 ||
    tcp.int(row, side + SideField.outOfOrder) > 0 ||
    tcp.int(row, side + SideField.zeroWindows) > 0 ||
    tcp.int(row, side + SideField.lostSegments) > 0 ||
    tcp.double(row, side + SideField.lostBytes) > 0
  );
}

/** Which directions the flow shows, of those that its packets prove to exist; null when they prove nothing. */
function shownDirection(flows: FlowTable, tcp: TcpTable, row: number): "both" | "to" | "from" | null {
  const to = flows.int(row, FlowField.packetsTo);
  const from = flows.int(row, FlowField.packetsFrom);
  if (to > 0 && from > 0) return "both";
  const service = flows.int(row, FlowField.service);
  const tcpRow = flows.int(row, FlowField.kind) === FlowKind.tcp ? flows.int(row, FlowField.tcp) : -1;
  if (tcpRow < 0) {
    const answers = service === ServiceCode.dns || service === ServiceCode.dhcp;
    return answers && from > 0 ? "from" : null;
  }
  const seen = tcp.int(tcpRow, TcpField.seen);
  const outcome = tcpOutcome(seen);
  if (outcome === "unanswered") return null;
  return to > 0 ? "to" : "from";
}
