/** Builds captures as bytes, in every variant that the readers know. For tests and for `captures/make`. */

/** One packet: seconds since 1970 and units of the fraction (micro- or nanoseconds), its bytes, and its length on the wire when longer. */
export interface WrittenPacket {
  seconds: number;
  fraction: number;
  bytes: Uint8Array;
  wireBytes?: number;
}

/** How a pcap file is written; little-endian microseconds of Ethernet unless told. */
export interface PcapOptions {
  magic?: number;
  bigEndian?: boolean;
  major?: number;
  minor?: number;
  snapLength?: number;
  linkType?: number;
  /** Bytes after each record's 16-byte header: 8 for the modified format. */
  extraHeaderBytes?: number;
  /** The wire length stands before the captured one, as before version 2.3. */
  wireLengthFirst?: boolean;
}

/** The bytes of a pcap file. */
export function pcapFile(packets: readonly WrittenPacket[], options: PcapOptions = {}): Uint8Array<ArrayBuffer> {
  return joined([pcapHeader(options), ...packets.map((packet) => pcapRecord(packet, options))]);
}

/** The 24 bytes at the start of a pcap file. */
export function pcapHeader(options: PcapOptions = {}): Uint8Array<ArrayBuffer> {
  const little = options.bigEndian !== true;
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, options.magic ?? 0xa1b2c3d4, little);
  view.setUint16(4, options.major ?? 2, little);
  view.setUint16(6, options.minor ?? 4, little);
  view.setUint32(16, options.snapLength ?? 262_144, little);
  view.setUint32(20, options.linkType ?? 1, little);
  return bytes;
}

/** One record of a pcap file. */
export function pcapRecord(packet: WrittenPacket, options: PcapOptions = {}): Uint8Array<ArrayBuffer> {
  const little = options.bigEndian !== true;
  const headerBytes = 16 + (options.extraHeaderBytes ?? 0);
  const bytes = new Uint8Array(headerBytes + packet.bytes.length);
  const view = new DataView(bytes.buffer);
  const wireBytes = packet.wireBytes ?? packet.bytes.length;
  view.setUint32(0, packet.seconds, little);
  view.setUint32(4, packet.fraction, little);
  view.setUint32(8, options.wireLengthFirst === true ? wireBytes : packet.bytes.length, little);
  view.setUint32(12, options.wireLengthFirst === true ? packet.bytes.length : wireBytes, little);
  bytes.set(packet.bytes, headerBytes);
  return bytes;
}

/** The same pcap file as if captured with a snap length of so many bytes. */
export function snappedPcap(file: Uint8Array, snapBytes: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const little = view.getUint8(0) !== 0xa1;
  const parts: Uint8Array[] = [file.subarray(0, 24)];
  for (let at = 24; at + 16 <= file.length; at += 16 + view.getUint32(at + 8, little)) {
    const kept = Math.min(snapBytes, view.getUint32(at + 8, little), file.length - at - 16);
    const record = Uint8Array.from(file.subarray(at, at + 16 + kept));
    new DataView(record.buffer).setUint32(8, kept, little);
    parts.push(record);
  }
  return joined(parts);
}

/** All parts, one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}
