/** Writes a microsecond pcap of Ethernet frames, quickly. */
import { closeSync, openSync, renameSync, writeSync } from "node:fs";

const BLOCK_BYTES = 4 << 20;
const RECORD_HEADER_BYTES = 16;
const SNAP_BYTES = 262_144;

/** A capture that is being written. It appears under its name when it is whole. */
export class PcapFile {
  /** Packets and bytes so far. */
  packets = 0;
  bytes = 0;
  #path;
  #fd;
  #block = Buffer.allocUnsafe(BLOCK_BYTES);
  #used = 0;

  constructor(path) {
    this.#path = path;
    this.#fd = openSync(`${path}.part`, "w");
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(SNAP_BYTES, 16);
    header.writeUInt32LE(1, 20);
    this.#append(header, header.length);
  }

  /** One packet: the first `length` bytes of `frame`, `timeUs` microseconds after `baseSeconds`. */
  packet(baseSeconds, timeUs, frame, length) {
    if (this.#used + RECORD_HEADER_BYTES + length > BLOCK_BYTES) this.#flush();
    const block = this.#block;
    let at = this.#used;
    const seconds = Math.floor(timeUs / 1e6);
    at = block.writeUInt32LE(baseSeconds + seconds, at);
    at = block.writeUInt32LE(timeUs - seconds * 1e6, at);
    at = block.writeUInt32LE(length, at);
    this.#used = block.writeUInt32LE(length, at);
    this.packets += 1;
    this.bytes += RECORD_HEADER_BYTES;
    this.#append(frame, length);
  }

  close() {
    this.#flush();
    closeSync(this.#fd);
    renameSync(`${this.#path}.part`, this.#path);
  }

  #append(bytes, length) {
    this.#block.set(length === bytes.length ? bytes : bytes.subarray(0, length), this.#used);
    this.#used += length;
    this.bytes += length;
  }

  #flush() {
    writeSync(this.#fd, this.#block, 0, this.#used);
    this.#used = 0;
  }
}
