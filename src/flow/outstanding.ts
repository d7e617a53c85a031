/**
 * Sent and not yet acknowledged: for each direction of each connection the stretches of sequence space that were captured and that the other
 * side has not acknowledged, in order. They tell round trips (a stretch that was sent twice gives none: Karn), bytes that the other
 * side acknowledged without the capture having seen them, and what was never acknowledged at all.
 */
import { MAX_OUTSTANDING_OF_FLOW, MAX_OUTSTANDING_SEGMENTS } from "../limits.ts";
import { RowTable } from "./row-table.ts";
import { SideField, type TcpTable } from "./tcp-table.ts";

// Own names for what is imported: V8 folds a module's own constants into the code, and loads imported ones at each use.
const Side = SideField;

/** Byte offsets in a stretch's row; `sentNs` is a double, all others are 32-bit integers. */
const Stretch = {
  sentNs: 0,
  /** Row of the next stretch plus one; 0 for the last. */
  next: 8,
  sequence: 12,
  end: 16,
  /** Payload of the segment that brought it; 0 for a bare SYN or FIN. */
  payload: 20,
  /** Times that any of it was sent again. */
  repeats: 24,
  /** 1 when its acknowledgment gives a round trip: not for a FIN alone, nor for segments that a bound made one. */
  timed: 28,
} as const;
const STRETCH_BYTES = 32;

/** An acknowledgment further ahead than any window (RFC 7323 section 2.3) is not believed. */
const MAX_WINDOW_BYTES: number = 1 << 30;

const LEFT_EDGE_KNOWN = 2;

/**
 * The stretches of all connections. A direction is named by where its block of fields begins: `own` in `view`, which holds the row, or
 * `side` in the row.
 */
export class Outstanding {
  /** Segments that were not waited for because too many were. */
  notKept = 0;
  /** Of what `acknowledged` took in last: bytes that the capture had not shown by then, and the first sequence number among which they are. */
  unseenBytes = 0;
  unseenFrom = 0;
  private readonly tcp: TcpTable;
  private readonly rows: RowTable = new RowTable(STRETCH_BYTES, MAX_OUTSTANDING_SEGMENTS);

  constructor(tcp: TcpTable) {
    this.tcp = tcp;
  }

  /**
   * Takes in a segment that takes up the sequence numbers `[start, end)`, of which `payload` bytes are data. `isTimed` says
   * whether its acknowledgment gives a round trip. Returns how many of the numbers had not been seen before.
   */
  sent(
    view: DataView,
    own: number,
    start: number,
    end: number,
    payload: number,
    isRepeat: boolean,
    isTimed: boolean,
    atNs: number,
  ): number {
    const from = this.clip(view, own, start);
    if (((end - from) | 0) <= 0) return 0;
    const last = view.getInt32(own + Side.lastOutstanding, true) - 1;
    if (last < 0 || ((from - this.rows.int(last, Stretch.end)) | 0) >= 0)
      return this.append(view, own, from, end, payload, isRepeat, isTimed, atNs);
    return this.merge(view, own, from, end, payload, isRepeat, isTimed, atNs);
  }

  /**
   * The other side acknowledged all before `ack`. Returns the round-trip time that this tells; -1 when it tells none: nothing
   * ended there, or what it waited for was sent twice.
   */
  acknowledged(view: DataView, own: number, ack: number, atNs: number): number {
    this.unseenBytes = 0;
    const known = view.getInt32(own + Side.known, true);
    if ((known & LEFT_EDGE_KNOWN) === 0) {
      view.setInt32(own + Side.known, known | LEFT_EDGE_KNOWN, true);
      view.setInt32(own + Side.leftEdge, ack, true);
      return -1;
    }
    const advance = (ack - view.getInt32(own + Side.leftEdge, true)) | 0;
    if (advance <= 0 || advance > MAX_WINDOW_BYTES) return -1;
    view.setInt32(own + Side.leftEdge, ack, true);
    return this.take(view, own, ack, advance, atNs);
  }

  /** When data that was never acknowledged was first sent; null when there is none. */
  dataSinceNs(row: number, side: number): number | null {
    for (let stretch = this.first(row, side); stretch >= 0; stretch = this.rows.int(stretch, Stretch.next) - 1)
      if (this.rows.int(stretch, Stretch.payload) > 0) return this.rows.double(stretch, Stretch.sentNs);
    return null;
  }

  /** How often data that was never acknowledged was sent again. */
  dataRepeats(row: number, side: number): number {
    let repeats = 0;
    for (let stretch = this.first(row, side); stretch >= 0; stretch = this.rows.int(stretch, Stretch.next) - 1)
      if (this.rows.int(stretch, Stretch.payload) > 0) repeats += this.rows.int(stretch, Stretch.repeats);
    return repeats;
  }

  /** Lets go of a direction's stretches. */
  release(row: number, side: number): void {
    let stretch = this.first(row, side);
    while (stretch >= 0) {
      const next = this.rows.int(stretch, Stretch.next) - 1;
      this.rows.release(stretch);
      stretch = next;
    }
    this.tcp.setInt(row, side + Side.firstOutstanding, 0);
    this.tcp.setInt(row, side + Side.lastOutstanding, 0);
    this.tcp.setInt(row, side + Side.outstanding, 0);
  }

  private first(row: number, side: number): number {
    return this.tcp.int(row, side + Side.firstOutstanding) - 1;
  }

  /** Where what is not yet acknowledged begins: `start`, or the left edge when that is further on. The first segment sets the edge. */
  private clip(view: DataView, own: number, start: number): number {
    const known = view.getInt32(own + Side.known, true);
    if ((known & LEFT_EDGE_KNOWN) === 0) {
      view.setInt32(own + Side.known, known | LEFT_EDGE_KNOWN, true);
      view.setInt32(own + Side.leftEdge, start, true);
      return start;
    }
    const edge = view.getInt32(own + Side.leftEdge, true);
    return ((start - edge) | 0) < 0 ? edge : start;
  }

  private append(
    view: DataView,
    own: number,
    from: number,
    end: number,
    payload: number,
    isRepeat: boolean,
    isTimed: boolean,
    atNs: number,
  ): number {
    const last = view.getInt32(own + Side.lastOutstanding, true) - 1;
    const isFull = view.getInt32(own + Side.outstanding, true) >= MAX_OUTSTANDING_OF_FLOW;
    const stretch = isFull && last >= 0 ? -1 : this.add(from, end, payload, isRepeat, isTimed, atNs);
    if (stretch >= 0) this.insert(view, own, last, stretch);
    else if (last >= 0) {
      this.rows.setInt(last, Stretch.end, end);
      this.rows.setInt(last, Stretch.timed, 0);
    } else view.setInt32(own + Side.leftEdge, end, true); // No room anywhere: taken for acknowledged, so that nothing seems lost.
    return (end - from) | 0;
  }

  /** Fills the holes that `[from, end)` covers, and counts a repetition for each stretch that it touches. */
  private merge(
    view: DataView,
    own: number,
    start: number,
    end: number,
    payload: number,
    isRepeat: boolean,
    isTimed: boolean,
    atNs: number,
  ): number {
    let from = start;
    let fresh = 0;
    let before = -1;
    let stretch = view.getInt32(own + Side.firstOutstanding, true) - 1;
    while (stretch >= 0 && ((end - from) | 0) > 0) {
      const sequence = this.rows.int(stretch, Stretch.sequence);
      const stretchEnd = this.rows.int(stretch, Stretch.end);
      if (((stretchEnd - from) | 0) > 0) {
        const holeEnd = ((end - sequence) | 0) < 0 ? end : sequence;
        const hole = (holeEnd - from) | 0;
        if (hole > 0) {
          fresh += hole;
          this.fill(view, own, before, stretch, from, holeEnd, Math.min(payload, hole), isRepeat, isTimed, atNs);
          from = holeEnd;
        }
        if (((end - sequence) | 0) > 0) {
          this.rows.addInt(stretch, Stretch.repeats, 1);
          if (((stretchEnd - from) | 0) > 0) from = stretchEnd;
        }
      }
      before = stretch;
      stretch = this.rows.int(stretch, Stretch.next) - 1;
    }
    const rest = (end - from) | 0;
    return rest > 0
      ? fresh + this.append(view, own, from, end, Math.min(payload, rest), isRepeat, isTimed, atNs)
      : fresh;
  }

  /** Puts `[from, end)` between the stretches `before` and `after`. At the bound `after` is made to begin there. */
  private fill(
    view: DataView,
    own: number,
    before: number,
    after: number,
    from: number,
    end: number,
    payload: number,
    isRepeat: boolean,
    isTimed: boolean,
    atNs: number,
  ): void {
    const isFull = view.getInt32(own + Side.outstanding, true) >= MAX_OUTSTANDING_OF_FLOW;
    const filled = isFull ? -1 : this.add(from, end, payload, isRepeat, isTimed, atNs);
    if (filled >= 0) this.insert(view, own, before, filled);
    else {
      this.rows.setInt(after, Stretch.sequence, from);
      this.rows.setInt(after, Stretch.timed, 0);
    }
  }

  /** Removes what `ack` covers. */
  private take(view: DataView, own: number, ack: number, advance: number, atNs: number): number {
    let seen = 0;
    let removed = 0;
    let isRepeated = false;
    let roundTripNs = -1;
    let stretch = view.getInt32(own + Side.firstOutstanding, true) - 1;
    while (stretch >= 0) {
      const row = this.rows.view(stretch);
      const at = this.rows.at(stretch);
      const sequence = row.getInt32(at + Stretch.sequence, true);
      const end = row.getInt32(at + Stretch.end, true);
      if (((sequence - ack) | 0) >= 0) break;
      if (((end - ack) | 0) > 0) {
        seen += (ack - sequence) | 0;
        row.setInt32(at + Stretch.sequence, ack, true);
        break;
      }
      seen += (end - sequence) | 0;
      if (row.getInt32(at + Stretch.repeats, true) > 0) isRepeated = true;
      else {
        const payload = row.getInt32(at + Stretch.payload, true);
        if (payload > view.getInt32(own + Side.largestAcknowledged, true))
          view.setInt32(own + Side.largestAcknowledged, payload, true);
      }
      if (end === ack && !isRepeated && row.getInt32(at + Stretch.timed, true) !== 0)
        roundTripNs = Math.max(atNs - row.getFloat64(at + Stretch.sentNs, true), 0);
      const next = row.getInt32(at + Stretch.next, true) - 1;
      this.rows.release(stretch);
      removed++;
      stretch = next;
    }
    if (removed > 0) view.setInt32(own + Side.outstanding, view.getInt32(own + Side.outstanding, true) - removed, true);
    view.setInt32(own + Side.firstOutstanding, stretch + 1, true);
    if (stretch < 0) view.setInt32(own + Side.lastOutstanding, 0, true);
    if (advance > seen) {
      this.unseenBytes = advance - seen;
      this.unseenFrom = (ack - advance) | 0;
      view.setFloat64(own + Side.lostBytes, view.getFloat64(own + Side.lostBytes, true) + advance - seen, true);
    }
    return roundTripNs;
  }

  /** Row of a new stretch that is in no chain yet; -1 when there is no room. */
  private add(from: number, end: number, payload: number, isRepeat: boolean, isTimed: boolean, atNs: number): number {
    const stretch = this.rows.add();
    if (stretch < 0) {
      this.notKept++;
      return -1;
    }
    const view = this.rows.view(stretch);
    const at = this.rows.at(stretch);
    view.setFloat64(at + Stretch.sentNs, atNs, true);
    view.setInt32(at + Stretch.next, 0, true);
    view.setInt32(at + Stretch.sequence, from, true);
    view.setInt32(at + Stretch.end, end, true);
    view.setInt32(at + Stretch.payload, payload, true);
    view.setInt32(at + Stretch.repeats, isRepeat ? 1 : 0, true);
    view.setInt32(at + Stretch.timed, isTimed ? 1 : 0, true);
    return stretch;
  }

  /** Puts a stretch after `before`; -1: first. */
  private insert(view: DataView, own: number, before: number, stretch: number): void {
    const next = before < 0 ? view.getInt32(own + Side.firstOutstanding, true) : this.rows.int(before, Stretch.next);
    this.rows.setInt(stretch, Stretch.next, next);
    if (before < 0) view.setInt32(own + Side.firstOutstanding, stretch + 1, true);
    else this.rows.setInt(before, Stretch.next, stretch + 1);
    if (next === 0) view.setInt32(own + Side.lastOutstanding, stretch + 1, true);
    view.setInt32(own + Side.outstanding, view.getInt32(own + Side.outstanding, true) + 1, true);
  }
}
