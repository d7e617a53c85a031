/** Builds pcapng captures block by block, in both byte orders. For tests and for `captures/make`. */
import { joined } from "./pcap-writer.ts";

/** One option: its code and value, padded when written. */
export interface PcapngOption {
  code: number;
  value: Uint8Array;
}

/** A packet for the block writers; `ticks` are of the interface's resolution. */
export interface PcapngPacket {
  interfaceId?: number;
  ticks: bigint;
  bytes: Uint8Array;
  wireBytes?: number;
  options?: readonly PcapngOption[];
}

/** An interface description. */
export interface PcapngInterface {
  linkType?: number;
  snapLength?: number;
  name?: string;
  /** The octet of if_tsresol: an exponent of ten, or 0x80 and an exponent of two. */
  resolution?: number;
  offsetSeconds?: bigint;
  options?: readonly PcapngOption[];
}

/** Writes the blocks of one byte order. */
export class PcapngWriter {
  readonly #little: boolean;

  constructor(bigEndian = false) {
    this.#little = !bigEndian;
  }

  section(length = -1n, major = 1, options: readonly PcapngOption[] = []): Uint8Array<ArrayBuffer> {
    const body = new Uint8Array(16);
    const view = new DataView(body.buffer);
    view.setUint32(0, 0x1a2b3c4d, this.#little);
    view.setUint16(4, major, this.#little);
    view.setBigInt64(8, length, this.#little);
    return this.block(0x0a0d0d0a, joined([body, this.options(options)]));
  }

  interface(description: PcapngInterface = {}): Uint8Array<ArrayBuffer> {
    const body = new Uint8Array(8);
    const view = new DataView(body.buffer);
    view.setUint16(0, description.linkType ?? 1, this.#little);
    view.setUint32(4, description.snapLength ?? 0, this.#little);
    const options = [...(description.options ?? [])];
    if (description.name !== undefined) options.push({ code: 2, value: new TextEncoder().encode(description.name) });
    if (description.resolution !== undefined) options.push({ code: 9, value: Uint8Array.of(description.resolution) });
    if (description.offsetSeconds !== undefined) options.push({ code: 14, value: this.u64(description.offsetSeconds) });
    return this.block(1, joined([body, this.options(options)]));
  }

  /** An enhanced packet block. */
  packet(packet: PcapngPacket): Uint8Array<ArrayBuffer> {
    const head = new Uint8Array(20);
    new DataView(head.buffer).setUint32(0, packet.interfaceId ?? 0, this.#little);
    return this.#packetBlock(6, head, packet);
  }

  /** The obsolete packet block. */
  obsoletePacket(packet: PcapngPacket, drops = 0xffff): Uint8Array<ArrayBuffer> {
    const head = new Uint8Array(20);
    const view = new DataView(head.buffer);
    view.setUint16(0, packet.interfaceId ?? 0, this.#little);
    view.setUint16(2, drops, this.#little);
    return this.#packetBlock(2, head, packet);
  }

  simplePacket(bytes: Uint8Array, wireBytes: number = bytes.length): Uint8Array<ArrayBuffer> {
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, wireBytes, this.#little);
    return this.block(3, joined([head, padded(bytes)]));
  }

  statistics(interfaceId: number, options: readonly PcapngOption[]): Uint8Array<ArrayBuffer> {
    const head = new Uint8Array(12);
    new DataView(head.buffer).setUint32(0, interfaceId, this.#little);
    return this.block(5, joined([head, this.options(options)]));
  }

  /** Any block: its body is padded, its lengths are right unless `stated` or `repeated` say otherwise. */
  block(type: number, body: Uint8Array, stated?: number, repeated?: number): Uint8Array<ArrayBuffer> {
    const inner = padded(body);
    const bytes = new Uint8Array(12 + inner.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, type, this.#little);
    view.setUint32(4, stated ?? bytes.length, this.#little);
    bytes.set(inner, 8);
    view.setUint32(bytes.length - 4, repeated ?? stated ?? bytes.length, this.#little);
    return bytes;
  }

  options(options: readonly PcapngOption[]): Uint8Array<ArrayBuffer> {
    if (options.length === 0) return new Uint8Array(0);
    return joined([...options.map((option) => this.#option(option)), new Uint8Array(4)]);
  }

  /** Eight bytes of a number in this byte order, as options hold it. */
  u64(value: bigint): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, value, this.#little);
    return bytes;
  }

  #option({ code, value }: PcapngOption): Uint8Array {
    const head = new Uint8Array(4);
    const view = new DataView(head.buffer);
    view.setUint16(0, code, this.#little);
    view.setUint16(2, value.length, this.#little);
    return joined([head, padded(value)]);
  }

  #packetBlock(type: number, head: Uint8Array<ArrayBuffer>, packet: PcapngPacket): Uint8Array<ArrayBuffer> {
    const view = new DataView(head.buffer);
    view.setUint32(4, Number(packet.ticks >> 32n), this.#little);
    view.setUint32(8, Number(packet.ticks & 0xffffffffn), this.#little);
    view.setUint32(12, packet.bytes.length, this.#little);
    view.setUint32(16, packet.wireBytes ?? packet.bytes.length, this.#little);
    return this.block(type, joined([head, padded(packet.bytes), this.options(packet.options ?? [])]));
  }
}

function padded(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  result.set(bytes);
  return result;
}
