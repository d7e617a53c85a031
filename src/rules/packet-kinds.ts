/** Kinds of packets that rules pick as evidence. */
import { TcpFlag } from "../decode/tcp-flags.ts";
import { PacketMark } from "../flow/packet-mark.ts";
import type { PacketFact } from "./facts.ts";

/** A SYN that opens: without ACK. */
export function isSyn(packet: PacketFact): boolean {
  return (packet.tcpFlags & (TcpFlag.syn | TcpFlag.ack)) === TcpFlag.syn;
}

/** A SYN that answers: with ACK. */
export function isSynAck(packet: PacketFact): boolean {
  return (packet.tcpFlags & (TcpFlag.syn | TcpFlag.ack)) === (TcpFlag.syn | TcpFlag.ack);
}

/** A reset. */
export function isReset(packet: PacketFact): boolean {
  return (packet.tcpFlags & TcpFlag.rst) !== 0;
}

/** An ICMP error that quotes the flow. */
export function isIcmpError(packet: PacketFact): boolean {
  return (packet.marks & PacketMark.icmpError) !== 0;
}

/** A segment that was sent before, and not one that the capture only holds late. */
export function isRetransmission(packet: PacketFact): boolean {
  return (packet.marks & (PacketMark.retransmission | PacketMark.late)) === PacketMark.retransmission;
}
