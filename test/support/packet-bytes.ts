/** Builds packets as bytes, layer by layer: each function puts its header before the payload it is given. Of the checksums, IPv4's is right. */
import { finishChecksum, sumWords } from "../../src/bytes/checksum.ts";

/** Where a value may be left out, these stand. */
const VM = "10.0.0.4";
const PLATFORM = "168.63.129.16";
const VM6 = "fe800000000000000222aafffebbcc01";
const PLATFORM6 = "fe800000000000000000123456789abc";

/** Bytes of hexadecimal text; spaces and line ends between them are for the reader. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replace(/\s+/g, ""), "hex"));
}

/** All parts, one after the other. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

export interface EthernetOptions {
  source?: string;
  destination?: string;
  /** Tag protocol and control information of each tag, outermost first. */
  tags?: readonly { type: number; control: number }[];
  type?: number;
}

/** MACs as twelve hexadecimal digits. */
export function ethernet(payload: Uint8Array, options: EthernetOptions = {}): Uint8Array {
  const version = (payload[0] ?? 0) >>> 4;
  const tags = (options.tags ?? []).map((tag) => joinBytes(uint16(tag.type), uint16(tag.control)));
  const type = uint16(options.type ?? (version === 6 ? 0x86dd : 0x0800));
  const macs = hex((options.destination ?? "123456789abc") + (options.source ?? "000d3a000001"));
  return joinBytes(macs, ...tags, type, payload);
}

export interface Ipv4Options {
  source?: string;
  destination?: string;
  protocol?: number;
  ttl?: number;
  identification?: number;
  dontFragment?: boolean;
  moreFragments?: boolean;
  /** In bytes: a multiple of eight. */
  fragmentOffset?: number;
  /** A multiple of four bytes. */
  options?: Uint8Array;
  /** As the header states it, when not what is there. */
  totalBytes?: number;
}

/** An IPv4 packet; dotted addresses; TCP unless told. */
export function ipv4(payload: Uint8Array, options: Ipv4Options = {}): Uint8Array {
  const extra = options.options ?? new Uint8Array(0);
  const header = new Uint8Array(20 + extra.length);
  const view = new DataView(header.buffer);
  header.set(extra, 20);
  view.setUint8(0, 0x40 | (header.length / 4));
  view.setUint16(2, options.totalBytes ?? header.length + payload.length);
  view.setUint16(4, options.identification ?? 0);
  const flags = (options.dontFragment === true ? 0x4000 : 0) | (options.moreFragments === true ? 0x2000 : 0);
  view.setUint16(6, flags | ((options.fragmentOffset ?? 0) / 8));
  view.setUint8(8, options.ttl ?? 64);
  view.setUint8(9, options.protocol ?? 6);
  header.set((options.source ?? VM).split(".").map(Number), 12);
  header.set((options.destination ?? PLATFORM).split(".").map(Number), 16);
  view.setUint16(10, finishChecksum(sumWords(view, 0, header.length)));
  return joinBytes(header, payload);
}

export interface Ipv6Options {
  source?: string;
  destination?: string;
  nextHeader?: number;
  hopLimit?: number;
  payloadBytes?: number;
}

/** An IPv6 packet; addresses as 32 hexadecimal digits; TCP unless told. */
export function ipv6(payload: Uint8Array, options: Ipv6Options = {}): Uint8Array {
  const header = new Uint8Array(40);
  const view = new DataView(header.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, options.payloadBytes ?? payload.length);
  view.setUint8(6, options.nextHeader ?? 6);
  view.setUint8(7, options.hopLimit ?? 64);
  header.set(hex(options.source ?? VM6), 8);
  header.set(hex(options.destination ?? PLATFORM6), 24);
  return joinBytes(header, payload);
}

export interface TcpOptions {
  sourcePort?: number;
  destinationPort?: number;
  sequence?: number;
  acknowledgment?: number;
  /** Nine bits, FIN the lowest. SYN unless told. */
  flags?: number;
  window?: number;
  /** A multiple of four bytes. */
  options?: Uint8Array;
}

/** A TCP segment without checksum. */
export function tcp(payload: Uint8Array, options: TcpOptions = {}): Uint8Array {
  const extra = options.options ?? new Uint8Array(0);
  const header = new Uint8Array(20 + extra.length);
  const view = new DataView(header.buffer);
  header.set(extra, 20);
  view.setUint16(0, options.sourcePort ?? 40_000);
  view.setUint16(2, options.destinationPort ?? 80);
  view.setUint32(4, options.sequence ?? 0);
  view.setUint32(8, options.acknowledgment ?? 0);
  view.setUint16(12, ((header.length / 4) << 12) | (options.flags ?? 2));
  view.setUint16(14, options.window ?? 64_240);
  return joinBytes(header, payload);
}

export interface UdpOptions {
  sourcePort?: number;
  destinationPort?: number;
  /** As the header states it, when not what is there. */
  lengthBytes?: number;
}

/** A UDP datagram without checksum. */
export function udp(payload: Uint8Array, options: UdpOptions = {}): Uint8Array {
  const lengthBytes = options.lengthBytes ?? 8 + payload.length;
  const ports = joinBytes(uint16(options.sourcePort ?? 40_000), uint16(options.destinationPort ?? 53));
  return joinBytes(ports, uint16(lengthBytes), uint16(0), payload);
}

/** An ICMP or ICMPv6 message without checksum: type, code, the word after the checksum, and what follows. */
export function icmp(type: number, code: number, word: number, payload: Uint8Array): Uint8Array {
  return joinBytes(Uint8Array.of(type, code, 0, 0), uint32(word), payload);
}

export function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

export function uint32(value: number): Uint8Array {
  return joinBytes(uint16(value >>> 16), uint16(value & 0xffff));
}
