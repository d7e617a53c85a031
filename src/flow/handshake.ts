/** How a TCP connection opened and ended, as bits of `TcpSeen`, and what the report calls it. */

import { TcpFlag } from "../decode/tcp-flags.ts";
import { cameToBe } from "../report/connection-outcomes.ts";
import type { TcpEnding, TcpOutcome } from "../report/report.ts";
import { Initiator } from "./flow-table.ts";
import { SideField, TcpField, TcpSeen } from "./tcp-table.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Tcp = TcpField;
const Seen = TcpSeen;
const Flag = TcpFlag;
const Began = Initiator;

/**
 * Notes what the segment with `flags` tells of opening and ending, in the TCP row at `at` of `view`, where its sender's block begins at
 * `own`. Returns who began the connection as far as a handshake told, given who it was until now.
 */
export function noteHandshake(
  view: DataView,
  at: number,
  own: number,
  initiator: number,
  toPlatform: boolean,
  flags: number,
  atNs: number,
): number {
  let seen = view.getInt32(at + Tcp.seen, true);
  const sender = toPlatform ? Began.vm : Began.platform;
  let began: number = initiator;
  if ((flags & Flag.syn) !== 0 && (seen & Seen.roles) === 0) {
    seen |= Seen.roles;
    if ((flags & Flag.ack) === 0) began = sender;
    else began = toPlatform ? Began.platform : Began.vm;
  }
  if ((flags & (Flag.syn | Flag.ack)) === Flag.syn && isAnsweredByReset(view, own, seen, toPlatform))
    seen |= Seen.synReset;
  if ((seen & Seen.roles) !== 0) seen |= opening(view, at, seen, began === sender, flags, atNs);
  if ((flags & (Flag.fin | Flag.rst)) !== 0) seen |= ending(seen, toPlatform, flags);
  view.setInt32(at + Tcp.seen, seen, true);
  return began;
}

/** How the opening went. `seen` are `TcpSeen` bits. */
export function tcpOutcome(seen: number): TcpOutcome {
  if ((seen & Seen.syn) === 0) return "mid-stream";
  if ((seen & Seen.handshakeAck) !== 0) return "established";
  if ((seen & Seen.synAck) !== 0) return "half-open";
  if ((seen & Seen.synReset) !== 0) return "refused";
  return (seen & Seen.synRejected) !== 0 ? "rejected" : "unanswered";
}

/**
 * How the connection ended; null when it never was one. A RST after both FINs ends nothing. Where the capture holds one direction
 * alone (`isOneWay`), its FIN counts for both.
 */
export function tcpEnding(seen: number, isOneWay: boolean): TcpEnding | null {
  if (!cameToBe(tcpOutcome(seen))) return null;
  const fins = seen & (Seen.finByVm | Seen.finByPlatform);
  const isClosed = fins === (Seen.finByVm | Seen.finByPlatform);
  if ((seen & Seen.closedBeforeReset) === 0) {
    if ((seen & Seen.firstResetByVm) !== 0) return "reset-by-vm";
    if ((seen & Seen.firstResetByPlatform) !== 0) return "reset-by-platform";
  }
  return isClosed || (isOneWay && fins !== 0) ? "fin" : "open";
}

/** The side whose FIN came first; null without one. */
export function firstFin(seen: number): "vm" | "platform" | null {
  if ((seen & Seen.firstFinByVm) !== 0) return "vm";
  return (seen & Seen.firstFinByPlatform) !== 0 ? "platform" : null;
}

/** The capture holds the RST before this first SYN, which it acknowledges: were it of another SYN, a new connection would begin here. */
function isAnsweredByReset(view: DataView, own: number, seen: number, toPlatform: boolean): boolean {
  const resetByOther = toPlatform ? Seen.firstResetByPlatform : Seen.firstResetByVm;
  if ((seen & (resetByOther | Seen.syn | Seen.synAck | Seen.handshakeAck)) !== resetByOther) return false;
  return (view.getInt32(own + SideField.known, true) & 1) !== 0;
}

function opening(view: DataView, at: number, seen: number, byInitiator: boolean, flags: number, atNs: number): number {
  if ((flags & Flag.syn) !== 0) {
    if ((flags & Flag.ack) !== 0) {
      if (byInitiator) return 0;
      view.setInt32(at + Tcp.synAcks, view.getInt32(at + Tcp.synAcks, true) + 1, true);
      return Seen.synAck;
    }
    if (!byInitiator) return 0;
    if ((seen & Seen.syn) === 0) view.setFloat64(at + Tcp.synNs, atNs, true);
    else view.setInt32(at + Tcp.synRetransmissions, view.getInt32(at + Tcp.synRetransmissions, true) + 1, true);
    return Seen.syn;
  }
  if ((flags & Flag.rst) !== 0) {
    const isAnswer = !byInitiator && (seen & (Seen.syn | Seen.synAck | Seen.handshakeAck)) === Seen.syn;
    return isAnswer ? Seen.synReset : 0;
  }
  if (!byInitiator || (flags & Flag.ack) === 0 || (seen & Seen.handshakeAck) !== 0) return 0;
  if ((seen & Seen.syn) === 0) return Seen.handshakeAck;
  view.setFloat64(at + Tcp.handshakeNs, Math.max(atNs - view.getFloat64(at + Tcp.synNs, true), 0), true);
  return Seen.handshakeAck;
}

function ending(seen: number, toPlatform: boolean, flags: number): number {
  let bits = 0;
  if ((flags & Flag.fin) !== 0) {
    bits |= toPlatform ? Seen.finByVm : Seen.finByPlatform;
    if ((seen & (Seen.firstFinByVm | Seen.firstFinByPlatform)) === 0)
      bits |= toPlatform ? Seen.firstFinByVm : Seen.firstFinByPlatform;
  }
  if ((flags & Flag.rst) !== 0) {
    bits |= toPlatform ? Seen.resetByVm : Seen.resetByPlatform;
    if ((seen & (Seen.firstResetByVm | Seen.firstResetByPlatform)) === 0) {
      bits |= toPlatform ? Seen.firstResetByVm : Seen.firstResetByPlatform;
      const fins = (seen | bits) & (Seen.finByVm | Seen.finByPlatform);
      if (fins === (Seen.finByVm | Seen.finByPlatform)) bits |= Seen.closedBeforeReset;
    }
  }
  return bits;
}
