/** The addresses that count as the platform's, as words for the prefilter. */
import { MAX_PLATFORM_ADDRESSES } from "../limits.ts";
import { type IpAddress, type Packet, PacketKind } from "./packet.ts";

const WORDS = 4;

/**
 * Addresses that may grow while packets are read: a prefilter made from the set sees what is added later. Words are signed
 * 32-bit, as in `IpAddress`. Holds at most `MAX_PLATFORM_ADDRESSES` of each version.
 */
export class AddressSet {
  /** IPv4 addresses, `ipv4Count` of them. */
  readonly ipv4: Int32Array = new Int32Array(MAX_PLATFORM_ADDRESSES);
  ipv4Count = 0;
  /** IPv6 addresses, four words each, `ipv6Count` of them. */
  readonly ipv6: Int32Array = new Int32Array(MAX_PLATFORM_ADDRESSES * WORDS);
  ipv6Count = 0;

  /** False when there is no room. An address that is there already is fine. */
  addIpv4(word: number): boolean {
    if (this.hasIpv4(word | 0)) return true;
    if (this.ipv4Count === MAX_PLATFORM_ADDRESSES) return false;
    this.ipv4[this.ipv4Count++] = word;
    return true;
  }

  /** The same for the four words of an IPv6 address. */
  addIpv6(word0: number, word1: number, word2: number, word3: number): boolean {
    if (this.hasIpv6(word0 | 0, word1 | 0, word2 | 0, word3 | 0)) return true;
    if (this.ipv6Count === MAX_PLATFORM_ADDRESSES) return false;
    this.ipv6.set([word0, word1, word2, word3], this.ipv6Count++ * WORDS);
    return true;
  }

  hasIpv4(word: number): boolean {
    for (let index = 0; index < this.ipv4Count; index++) if (this.ipv4[index] === word) return true;
    return false;
  }

  hasIpv6(word0: number, word1: number, word2: number, word3: number): boolean {
    const words = this.ipv6;
    for (let at = 0; at < this.ipv6Count * WORDS; at += WORDS)
      if (words[at + 3] === word3 && words[at + 2] === word2 && words[at + 1] === word1 && words[at] === word0)
        return true;
    return false;
  }
}

/** Which end of a packet is the platform's. */
export const PlatformSide = { none: 0, source: 1, destination: 2 } as const;
export type PlatformSide = (typeof PlatformSide)[keyof typeof PlatformSide];

/** Which address of `packet` (also of an ARP message) is in `addresses`. The source when both are. */
export function platformSide(packet: Packet, addresses: AddressSet): PlatformSide {
  return sideOf(packet.ipVersion, packet.source, packet.destination, addresses);
}

/** The same for the packet that the ICMP error in `packet` quotes; none when it is no such error. */
export function quotedPlatformSide(packet: Packet, addresses: AddressSet): PlatformSide {
  const isIcmp = packet.kind === PacketKind.icmp || packet.kind === PacketKind.icmpv6;
  if (!isIcmp || !packet.quoted.present) return PlatformSide.none;
  return sideOf(packet.ipVersion, packet.quoted.source, packet.quoted.destination, addresses);
}

function sideOf(version: number, source: IpAddress, destination: IpAddress, addresses: AddressSet): PlatformSide {
  if (has(version, source, addresses)) return PlatformSide.source;
  return has(version, destination, addresses) ? PlatformSide.destination : PlatformSide.none;
}

function has(version: number, address: IpAddress, addresses: AddressSet): boolean {
  if (version === 6) return addresses.hasIpv6(address.word0, address.word1, address.word2, address.word3);
  return addresses.hasIpv4(address.word3);
}
