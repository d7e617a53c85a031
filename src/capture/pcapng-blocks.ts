/** Types and sizes of pcapng blocks, draft-ietf-opsawg-pcapng section 4. Sizes are in bytes, offsets from the block's start. */

/** Block types. Others, journal exports and secrets among them, are passed over by their length. */
export const BlockType = {
  sectionHeader: 0x0a0d0d0a,
  interfaceDescription: 1,
  /** Obsolete, but still in old files. */
  packet: 2,
  simplePacket: 3,
  interfaceStatistics: 5,
  enhancedPacket: 6,
} as const;

/** Blocks without a packet that Wireshark numbers as frames all the same: journal entries, system calls, custom blocks. */
export const NUMBERED_BLOCKS: ReadonlySet<number> = new Set([9, 0x204, 0x216, 0x221, 0xbad, 0x40000bad]);

/** Type and total length before the body, and the total length again behind it. */
export const BLOCK_FRAME_BYTES = 12;
const SECTION_BLOCK_BYTES = 28;
const INTERFACE_BLOCK_BYTES = 20;
const STATISTICS_BLOCK_BYTES = 24;
/** Interface, time, captured and wire length of an enhanced packet; the obsolete one has its interface and drop count in two bytes each. */
export const PACKET_BLOCK_BYTES = 32;
export const PACKET_DATA_START = 28;
const SIMPLE_BLOCK_BYTES = 16;
export const SIMPLE_DATA_START = 12;

/** True when the bytes at `start` (at least four) begin a pcapng section. */
export function isPcapng(view: DataView, start: number): boolean {
  return view.getUint32(start) === BlockType.sectionHeader;
}

/** The least total length of a block whose fixed fields are read. */
export function leastBytes(type: number): number {
  switch (type) {
    case BlockType.sectionHeader:
      return SECTION_BLOCK_BYTES;
    case BlockType.interfaceDescription:
      return INTERFACE_BLOCK_BYTES;
    case BlockType.interfaceStatistics:
      return STATISTICS_BLOCK_BYTES;
    case BlockType.enhancedPacket:
    case BlockType.packet:
      return PACKET_BLOCK_BYTES;
    case BlockType.simplePacket:
      return SIMPLE_BLOCK_BYTES;
    default:
      return BLOCK_FRAME_BYTES;
  }
}

/** False for blocks that may be passed over without reading. */
export function isNeeded(type: number): boolean {
  return leastBytes(type) > BLOCK_FRAME_BYTES;
}
