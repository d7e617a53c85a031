/** Every bound of the analysis, with its unit and what happens when it is reached. */

/** Bytes read from a source at once, and the usual size of the block that readers scan. */
export const BLOCK_BYTES: number = 1 << 20;

/** Bytes of one record or pcapng block that are buffered at most. A longer record ends the source with a problem; a longer pcapng block that is not a packet is skipped by its length. */
export const MAX_RECORD_BYTES: number = 16 << 20;

/** Capture lengths that libpcap and Wireshark believe for nearly every link type, in bytes. A longer pcap record means a damaged file. */
export const MAX_PACKET_BYTES = 262_144;

/** Clock jumps of one source that are kept with their place; further ones are only counted. */
export const MAX_CLOCK_JUMPS = 100;

/** Interfaces of one source that are told apart. Packets of further ones are read, counted as a problem, and not analysed. */
export const MAX_INTERFACES = 4096;

/** Kinds of problems kept for one source; each is counted without bound. */
export const MAX_PROBLEM_KINDS = 64;

/** Platform addresses at once: given, default and learned. Further ones are not learned, and a problem says so. */
export const MAX_PLATFORM_ADDRESSES = 16;

/** Bytes of one text from a packet that are shown. Longer text is cut at a character and ends with an ellipsis. */
export const MAX_TEXT_BYTES = 8192;

/** Compression pointers followed in one DNS name: a name of 255 bytes has no more labels. One more is taken for a loop, and ends the message with a problem. */
export const MAX_DNS_POINTERS = 127;

/** Bytes of one HTTP head, from its first line to its empty line. A longer head is malformed, and the rest of its stream is not read as HTTP. */
export const MAX_HTTP_HEAD_BYTES = 65_536;

/** Header lines of one HTTP head that are kept. Further ones are passed over, and a problem says so. */
export const MAX_HTTP_HEADERS = 256;

/** Bytes of a chunk's size line with its extensions, and of a chunked body's trailer lines together. A longer one ends the body's tracking with a problem. */
export const MAX_CHUNK_LINE_BYTES = 16_384;

/** Bytes of a body's content that are kept to be looked into. What follows is counted and not kept. */
export const MAX_BODY_PREFIX_BYTES = 16_384;
