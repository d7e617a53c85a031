/** How a TCP connection opened and ended, as bits of `TcpSeen`, and what the report calls it. */
import { TcpFlag } from "../decode/tcp-flags.ts";
import type { TcpEnding, TcpOutcome } from "../report/report.ts";
import { Initiator } from "./flow-table.ts";
import { TcpField, TcpSeen } from "./tcp-table.ts";

/**
 * Notes what the segment with `flags` tells of opening and ending, in the TCP row at `at` of `view`. Returns who began the connection as
 * far as a handshake told, given who it was until now.
 */
export function noteHandshake(
  view: DataView,
  at: number,
  initiator: number,
  toPlatform: boolean,
  flags: number,
  atNs: number,
): number {
  let seen = view.getInt32(at + TcpField.seen, true);
  const sender = toPlatform ? Initiator.vm : Initiator.platform;
  let began: number = initiator;
  if ((flags & TcpFlag.syn) !== 0 && (seen & TcpSeen.roles) === 0) {
    seen |= TcpSeen.roles;
    if ((flags & TcpFlag.ack) === 0) began = sender;
    else began = toPlatform ? Initiator.platform : Initiator.vm;
  }
  if ((seen & TcpSeen.roles) !== 0) seen |= opening(view, at, seen, began === sender, flags, atNs);
  if ((flags & (TcpFlag.fin | TcpFlag.rst)) !== 0) seen |= ending(seen, toPlatform, flags);
  view.setInt32(at + TcpField.seen, seen, true);
  return began;
}

/** How the opening went. `seen` are `TcpSeen` bits. */
export function tcpOutcome(seen: number): TcpOutcome {
  if ((seen & TcpSeen.syn) === 0) return "mid-stream";
  if ((seen & TcpSeen.handshakeAck) !== 0) return "established";
  if ((seen & TcpSeen.synAck) !== 0) return "half-open";
  if ((seen & TcpSeen.synReset) !== 0) return "refused";
  return (seen & TcpSeen.synRejected) !== 0 ? "rejected" : "unanswered";
}

/**
 * How the connection ended; null when it never was one. A RST after both FINs ends nothing. Where the capture holds one direction
 * alone (`isOneWay`), its FIN counts for both.
 */
export function tcpEnding(seen: number, isOneWay: boolean): TcpEnding | null {
  const outcome = tcpOutcome(seen);
  if (outcome !== "established" && outcome !== "mid-stream") return null;
  const fins = seen & (TcpSeen.finByVm | TcpSeen.finByPlatform);
  const isClosed = fins === (TcpSeen.finByVm | TcpSeen.finByPlatform);
  if ((seen & TcpSeen.closedBeforeReset) === 0) {
    if ((seen & TcpSeen.firstResetByVm) !== 0) return "reset-by-vm";
    if ((seen & TcpSeen.firstResetByPlatform) !== 0) return "reset-by-platform";
  }
  return isClosed || (isOneWay && fins !== 0) ? "fin" : "open";
}

/** The side whose FIN came first; null without one. */
export function firstFin(seen: number): "vm" | "platform" | null {
  if ((seen & TcpSeen.firstFinByVm) !== 0) return "vm";
  return (seen & TcpSeen.firstFinByPlatform) !== 0 ? "platform" : null;
}

function opening(view: DataView, at: number, seen: number, byInitiator: boolean, flags: number, atNs: number): number {
  if ((flags & TcpFlag.syn) !== 0) {
    if ((flags & TcpFlag.ack) !== 0) {
      if (byInitiator) return 0;
      view.setInt32(at + TcpField.synAcks, view.getInt32(at + TcpField.synAcks, true) + 1, true);
      return TcpSeen.synAck;
    }
    if (!byInitiator) return 0;
    if ((seen & TcpSeen.syn) === 0) view.setFloat64(at + TcpField.synNs, atNs, true);
    else
      view.setInt32(at + TcpField.synRetransmissions, view.getInt32(at + TcpField.synRetransmissions, true) + 1, true);
    return TcpSeen.syn;
  }
  if ((flags & TcpFlag.rst) !== 0) {
    const isAnswer = !byInitiator && (seen & (TcpSeen.syn | TcpSeen.synAck | TcpSeen.handshakeAck)) === TcpSeen.syn;
    return isAnswer ? TcpSeen.synReset : 0;
  }
  if (!byInitiator || (flags & TcpFlag.ack) === 0 || (seen & TcpSeen.handshakeAck) !== 0) return 0;
  if ((seen & TcpSeen.syn) === 0) return TcpSeen.handshakeAck;
  view.setFloat64(at + TcpField.handshakeNs, Math.max(atNs - view.getFloat64(at + TcpField.synNs, true), 0), true);
  return TcpSeen.handshakeAck;
}

function ending(seen: number, toPlatform: boolean, flags: number): number {
  let bits = 0;
  if ((flags & TcpFlag.fin) !== 0) {
    bits |= toPlatform ? TcpSeen.finByVm : TcpSeen.finByPlatform;
    if ((seen & (TcpSeen.firstFinByVm | TcpSeen.firstFinByPlatform)) === 0)
      bits |= toPlatform ? TcpSeen.firstFinByVm : TcpSeen.firstFinByPlatform;
  }
  if ((flags & TcpFlag.rst) !== 0) {
    bits |= toPlatform ? TcpSeen.resetByVm : TcpSeen.resetByPlatform;
    if ((seen & (TcpSeen.firstResetByVm | TcpSeen.firstResetByPlatform)) === 0) {
      bits |= toPlatform ? TcpSeen.firstResetByVm : TcpSeen.firstResetByPlatform;
      const fins = (seen | bits) & (TcpSeen.finByVm | TcpSeen.finByPlatform);
      if (fins === (TcpSeen.finByVm | TcpSeen.finByPlatform)) bits |= TcpSeen.closedBeforeReset;
    }
  }
  return bits;
}
