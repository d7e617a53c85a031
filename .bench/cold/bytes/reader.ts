/**
 * Reads big-endian fields one after another from `view[start, end)`, and nothing outside it.
 *
 * The first read that does not fit sets `cut` for good: from then on every read gives 0 and moves nothing, so a decoder can read a
 * whole group of fields and ask once. It never throws; a range outside the view is narrowed to the view.
 */
export class ByteReader {
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
  /** Where the next read begins; stays at the first read that did not fit. */
  position: number;
  /** True once a read did not fit. */
  cut = false;
  /** Bytes that the first failed read needed; 0 while not cut. */
  neededBytes = 0;

  constructor(view: DataView, start: number, end: number) {
    this.view = view;
    this.end = Math.max(0, Math.min(end, view.byteLength));
    this.start = Math.max(0, Math.min(start, this.end));
    this.position = this.start;
  }

  /** Bytes that are left; those at a failed read too, which tells what was available to it. */
  get availableBytes(): number {
    return this.end - this.position;
  }

  u8(): number {
    const at = this.take(1);
    return at < 0 ? 0 : this.view.getUint8(at);
  }

  u16(): number {
    const at = this.take(2);
    return at < 0 ? 0 : this.view.getUint16(at);
  }

  u24(): number {
    const at = this.take(3);
    return at < 0 ? 0 : (this.view.getUint16(at) << 8) | this.view.getUint8(at + 2);
  }

  u32(): number {
    const at = this.take(4);
    return at < 0 ? 0 : this.view.getUint32(at);
  }

  i32(): number {
    const at = this.take(4);
    return at < 0 ? 0 : this.view.getInt32(at);
  }

  /** Passes over `count` bytes; false, and nothing passed, when they are not all there. */
  skip(count: number): boolean {
    return this.take(count) >= 0;
  }

  /** Position before the `count` bytes that are taken, or -1 when they are not all there. A negative count is never there. */
  take(count: number): number {
    if (this.cut) return -1;
    const at = this.position;
    if (!(count >= 0 && count <= this.end - at)) {
      this.cut = true;
      this.neededBytes = count;
      return -1;
    }
    this.position = at + count;
    return at;
  }
}
