/** Makes the checksums of a changed packet right again: IPv4 header, TCP, UDP, ICMP and ICMPv6. */
import { finishChecksum, pseudoHeaderSum, pseudoHeaderSum6, sumWords } from "../bytes/checksum.ts";
import { type Packet, PacketKind } from "../decode/packet.ts";

const IPV4_CHECKSUM = 10;
const IPV6_ADDRESSES = 8;
const TCP_CHECKSUM = 16;
const UDP_CHECKSUM = 6;
const ICMP_CHECKSUM = 2;
const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMPV6 = 58;

/** For a packet that was decoded and then changed in place. What the capture cut, or a fragment, has no checksum that can be made. */
export function renewChecksums(view: DataView, packet: Packet): void {
  const { ipStart, ipPayloadStart, ipPayloadEnd, ipVersion } = packet;
  if (ipVersion === 4) {
    view.setUint16(ipStart + IPV4_CHECKSUM, 0);
    view.setUint16(ipStart + IPV4_CHECKSUM, finishChecksum(sumWords(view, ipStart, ipPayloadStart)));
  }
  const whole = packet.kind !== PacketKind.fragment && ipPayloadEnd - ipPayloadStart === packet.ipPayloadBytes;
  const field = checksumField(packet.kind);
  if (!whole || field < 0 || ipPayloadStart + field + 2 > ipPayloadEnd) return;
  // RFC 768: a UDP checksum of zero over IPv4 says that there is none.
  if (packet.kind === PacketKind.udp && ipVersion === 4 && view.getUint16(ipPayloadStart + field) === 0) return;
  view.setUint16(ipPayloadStart + field, 0);
  const sum = finishChecksum(sumWords(view, ipPayloadStart, ipPayloadEnd, pseudoHeader(view, packet)));
  view.setUint16(ipPayloadStart + field, packet.kind === PacketKind.udp && sum === 0 ? 0xffff : sum);
}

function checksumField(kind: PacketKind): number {
  switch (kind) {
    case PacketKind.tcp:
      return TCP_CHECKSUM;
    case PacketKind.udp:
      return UDP_CHECKSUM;
    case PacketKind.icmp:
    case PacketKind.icmpv6:
      return ICMP_CHECKSUM;
    default:
      return -1;
  }
}

function pseudoHeader(view: DataView, packet: Packet): number {
  const length = packet.ipPayloadEnd - packet.ipPayloadStart;
  const protocol =
    packet.kind === PacketKind.tcp
      ? TCP
      : packet.kind === PacketKind.udp
        ? UDP
        : packet.kind === PacketKind.icmp
          ? ICMP
          : ICMPV6;
  if (packet.ipVersion === 6) return pseudoHeaderSum6(view, packet.ipStart + IPV6_ADDRESSES, protocol, length);
  if (protocol === ICMP) return 0;
  return pseudoHeaderSum(view.getUint32(packet.ipStart + 12), view.getUint32(packet.ipStart + 16), protocol, length);
}
