/**
 * Zeek's `conn_state` of a TCP connection: its endpoint states, moved as in `TCPSessionAdapter.cc`, and their summary as in
 * `base/protocols/conn/main.zeek`. Zeek's originator is the sender of the SYN; without a handshake who sent first, unless a server's port
 * (below 1024) spoke to a client's.
 */
import { TcpFlag } from "../decode/tcp-flags.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Flag = TcpFlag;

const State = { inactive: 0, synSent: 1, synAckSent: 2, partial: 3, established: 4, closed: 5, reset: 6 } as const;
type State = (typeof State)[keyof typeof State];

/**
 * Layout of the number that holds a connection's states: for each endpoint three bits of state and three of the state before it,
 * the originator's first, then these bits.
 */
const RESPONDER_SHIFT = 6;
const Bit = {
  /** The roles below hold. */
  started: 0x1000,
  /** The originator is the platform. */
  originatorIsPlatform: 0x2000,
  /** The originator sent an ACK, FIN or SYN-ACK before any RST: that is then no RST to its own SYN. */
  originatorWentOn: 0x4000,
  /** The originator sent a SYN. */
  originatorSyn: 0x8000,
} as const;
const STATE_MASK = 7;
const PREVIOUS_SHIFT = 3;

const FIRST_EPHEMERAL_PORT = 1024;

/** The states after a segment; 0 before the first. `toPlatform` is its direction, the ports those of its header. */
export function nextStates(
  states: number,
  toPlatform: boolean,
  flags: number,
  payloadBytes: number,
  sourcePort: number,
  destinationPort: number,
): number {
  let next = states;
  if ((next & Bit.started) === 0) {
    const senderIsPlatform = !toPlatform;
    const isReply = isSynAck(flags) || (!isSyn(flags) && isServerToClient(sourcePort, destinationPort));
    next |= Bit.started | (senderIsPlatform !== isReply ? Bit.originatorIsPlatform : 0);
  }
  const isOriginator = ((next & Bit.originatorIsPlatform) === 0) === toPlatform;
  if (isOriginator && stateOf(next, true) !== State.reset) {
    if (isSyn(flags)) next |= Bit.originatorSyn;
    else if (wentOn(flags, payloadBytes)) next |= Bit.originatorWentOn;
  }
  return move(next, isOriginator, flags, payloadBytes);
}

/** True when a segment without SYN, FIN or RST cannot change `states` any more. */
export function areSettled(states: number): boolean {
  const settled = State.established | (State.established << RESPONDER_SHIFT) | Bit.originatorWentOn;
  return (states & (STATE_MASK | (STATE_MASK << RESPONDER_SHIFT) | Bit.originatorWentOn)) === settled;
}

/** The code for `states`; `hasPayload` tells whether either side sent any. */
export function connState(states: number, hasPayload: boolean): string {
  const originator = states & STATE_MASK;
  const responder = (states >>> RESPONDER_SHIFT) & STATE_MASK;
  const originatorIsInactive = originator === State.inactive || originator === State.partial;
  const responderIsInactive = responder === State.inactive || responder === State.partial;
  if (responder === State.reset) {
    const isAttempt = originator === State.synSent || originator === State.synAckSent;
    if (isAttempt || (originator === State.reset && !hasPayload)) return "REJ";
    return originatorIsInactive ? "RSTRH" : "RSTR";
  }
  if (originator === State.reset) {
    if (!responderIsInactive) return "RSTO";
    return (states & (Bit.originatorSyn | Bit.originatorWentOn)) === Bit.originatorSyn ? "RSTOS0" : "OTH";
  }
  if (originator === State.closed) {
    if (responder === State.closed) return "SF";
    return responderIsInactive ? "SH" : "S2";
  }
  if (responder === State.closed) return originatorIsInactive ? "SHR" : "S3";
  if (originator === State.synSent && responder === State.inactive) return "S0";
  return originator === State.established && responder === State.established ? "S1" : "OTH";
}

function move(states: number, isOriginator: boolean, flags: number, payloadBytes: number): number {
  const own = stateOf(states, isOriginator);
  switch (own) {
    case State.inactive:
      return moveInactive(states, isOriginator, flags, payloadBytes);
    case State.synSent:
    case State.synAckSent: {
      let next = states;
      if ((flags & Flag.fin) !== 0) next = set(next, isOriginator, State.closed);
      if ((flags & Flag.rst) !== 0) next = set(next, isOriginator, State.reset);
      return next;
    }
    case State.established:
    case State.partial:
      return moveEstablished(states, isOriginator, flags);
    case State.closed:
      if ((flags & Flag.rst) === 0 || stateOf(states, !isOriginator) === State.closed) return states;
      return set(states, isOriginator, State.reset);
    default:
      return states;
  }
}

function moveInactive(states: number, isOriginator: boolean, flags: number, payloadBytes: number): number {
  const peer = stateOf(states, !isOriginator);
  let next = states;
  if (isSynFlag(flags)) {
    if (isOriginator) next = set(next, true, (flags & Flag.ack) !== 0 ? State.synAckSent : State.synSent);
    else {
      if (peer === State.synSent) next = set(next, true, State.established);
      next = set(next, false, State.established);
    }
  }
  if ((flags & Flag.fin) !== 0) next = set(next, isOriginator, State.closed);
  if ((flags & Flag.rst) !== 0) next = set(next, isOriginator, State.reset);
  if (stateOf(next, isOriginator) !== State.inactive) return next;
  if (!isOriginator && payloadBytes === 0 && peer === State.synSent) return next;
  const isLateJoin = (flags & Flag.ack) !== 0 && peer === State.established;
  return set(next, isOriginator, isLateJoin ? State.established : State.partial);
}

function moveEstablished(states: number, isOriginator: boolean, flags: number): number {
  let next = states;
  if (isSyn(flags) && stateOf(next, isOriginator) === State.partial && stateOf(next, !isOriginator) === State.inactive)
    next = set(next, isOriginator, State.synSent);
  if ((flags & Flag.fin) !== 0 && (flags & Flag.rst) === 0) {
    next = set(next, isOriginator, State.closed);
    // The other side's FIN and then RST was an ordinary end.
    if (stateOf(next, !isOriginator) === State.reset && previousOf(next, !isOriginator) === State.closed)
      next = set(next, !isOriginator, State.closed);
  }
  return (flags & Flag.rst) !== 0 ? set(next, isOriginator, State.reset) : next;
}

function stateOf(states: number, ofOriginator: boolean): number {
  return (ofOriginator ? states : states >>> RESPONDER_SHIFT) & STATE_MASK;
}

function previousOf(states: number, ofOriginator: boolean): number {
  return stateOf(states >>> PREVIOUS_SHIFT, ofOriginator);
}

function set(states: number, ofOriginator: boolean, state: State): number {
  const shift = ofOriginator ? 0 : RESPONDER_SHIFT;
  const before = stateOf(states, ofOriginator);
  return (states & ~(0x3f << shift)) | ((state | (before << PREVIOUS_SHIFT)) << shift);
}

function isSynFlag(flags: number): boolean {
  return (flags & Flag.syn) !== 0;
}

function isSyn(flags: number): boolean {
  return (flags & (Flag.syn | Flag.ack)) === Flag.syn;
}

function isSynAck(flags: number): boolean {
  return (flags & (Flag.syn | Flag.ack)) === (Flag.syn | Flag.ack);
}

function isServerToClient(sourcePort: number, destinationPort: number): boolean {
  return sourcePort < FIRST_EPHEMERAL_PORT && destinationPort >= FIRST_EPHEMERAL_PORT;
}

/** What Zeek's history holds as H, A or F: anything but a SYN, a RST or payload. */
function wentOn(flags: number, payloadBytes: number): boolean {
  if ((flags & Flag.rst) !== 0) return false;
  return payloadBytes === 0 || (flags & (Flag.fin | Flag.syn)) !== 0;
}
