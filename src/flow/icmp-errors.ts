/** ICMP and ICMPv6 errors that quote a packet to or from a platform address, in order of arrival. */
import { ipv4Text, ipv6Text } from "../bytes/address.ts";
import type { IpAddress, Packet } from "../decode/packet.ts";
import { MAX_ICMP_ERRORS } from "../limits.ts";
import type { FlowKey } from "./key.ts";
import { RowTable } from "./row-table.ts";

/** Byte offsets of an error's fields; `atNs` is a double, all others are 32-bit integers. */
const Field = {
  atNs: 0,
  /** In the packet table; -1 when it is not held there. */
  packet: 8,
  /** -1 when the quoted flow was not seen. */
  flow: 12,
  ipVersion: 16,
  type: 20,
  code: 24,
  nextHopMtu: 28,
  quotedProtocol: 32,
  quotedVmPort: 36,
  quotedPlatformPort: 40,
  /** The quoted packet was on its way to the platform. */
  quotedToPlatform: 44,
  /** Four words each. */
  from: 48,
  to: 64,
} as const;
const ROW_BYTES = 80;

/** A list that is full keeps its first errors and counts the rest. */
export class IcmpErrors {
  /** Errors seen, kept or not. */
  seen = 0;
  private readonly rows: RowTable = new RowTable(ROW_BYTES, MAX_ICMP_ERRORS);

  /** Errors kept: indexes are below it. */
  get count(): number {
    return this.rows.rows;
  }

  /** Keeps the error in `packet`; `key` is that of what it quotes. */
  add(packet: Packet, key: FlowKey, packetIndex: number, flow: number, atNs: number): void {
    this.seen++;
    const row = this.rows.add();
    if (row < 0) return;
    this.rows.setDouble(row, Field.atNs, atNs);
    this.rows.setInt(row, Field.packet, packetIndex);
    this.rows.setInt(row, Field.flow, flow);
    this.rows.setInt(row, Field.ipVersion, packet.ipVersion);
    this.rows.setInt(row, Field.type, packet.icmpType);
    this.rows.setInt(row, Field.code, packet.icmpCode);
    this.rows.setInt(row, Field.nextHopMtu, packet.icmpMtu);
    this.rows.setInt(row, Field.quotedProtocol, key.protocol);
    this.rows.setInt(row, Field.quotedVmPort, key.vmPort);
    this.rows.setInt(row, Field.quotedPlatformPort, key.platformPort);
    this.rows.setInt(row, Field.quotedToPlatform, key.toPlatform ? 1 : 0);
    this.setAddress(row, Field.from, packet.source);
    this.setAddress(row, Field.to, packet.destination);
  }

  /** The errors that quote `flow` lose it: its row is about to be used again. */
  forget(flow: number): void {
    for (let index = 0; index < this.count; index++)
      if (this.rows.int(index, Field.flow) === flow) this.rows.setInt(index, Field.flow, -1);
  }

  atNs(index: number): number {
    return this.rows.double(index, Field.atNs);
  }

  packet(index: number): number {
    return this.rows.int(index, Field.packet);
  }

  flow(index: number): number {
    return this.rows.int(index, Field.flow);
  }

  version(index: number): 4 | 6 {
    return this.rows.int(index, Field.ipVersion) === 6 ? 6 : 4;
  }

  type(index: number): number {
    return this.rows.int(index, Field.type);
  }

  code(index: number): number {
    return this.rows.int(index, Field.code);
  }

  /** -1 without one. */
  nextHopMtu(index: number): number {
    return this.rows.int(index, Field.nextHopMtu);
  }

  /** IP protocol number. */
  quotedProtocol(index: number): number {
    return this.rows.int(index, Field.quotedProtocol);
  }

  /** -1 when the quote ends before it. */
  quotedVmPort(index: number): number {
    return this.rows.int(index, Field.quotedVmPort);
  }

  quotedPlatformPort(index: number): number {
    return this.rows.int(index, Field.quotedPlatformPort);
  }

  quotedToPlatform(index: number): boolean {
    return this.rows.int(index, Field.quotedToPlatform) === 1;
  }

  /** Who sent the error, and to whom. */
  fromText(index: number): string {
    return this.addressText(index, Field.from);
  }

  toText(index: number): string {
    return this.addressText(index, Field.to);
  }

  private setAddress(row: number, field: number, address: IpAddress): void {
    this.rows.setInt(row, field, address.word0);
    this.rows.setInt(row, field + 4, address.word1);
    this.rows.setInt(row, field + 8, address.word2);
    this.rows.setInt(row, field + 12, address.word3);
  }

  private addressText(index: number, field: number): string {
    const word = (offset: number): number => this.rows.int(index, field + offset) >>> 0;
    return this.version(index) === 4 ? ipv4Text(word(12)) : ipv6Text(word(0), word(4), word(8), word(12));
  }
}
