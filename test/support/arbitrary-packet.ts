/** Random packets of every link type that is decoded: valid ones, and the same with bytes changed or cut off. */
import fc from "fast-check";
import { ethernet, hex, icmp, ipv4, ipv6, joinBytes, tcp, udp, uint16, uint32 } from "./packet-bytes.ts";

/** One packet and the LINKTYPE_ number that it was captured with. */
export interface LinkPacket {
  linkType: number;
  bytes: Uint8Array;
}

const ADDRESSES = ["10.0.0.4", "10.0.0.5", "192.0.2.1", "168.63.129.16", "255.255.255.255"];
const ADDRESSES6 = [
  "fe800000000000000222aafffebbcc01",
  "20010db8000000000000000000000001",
  "fe800000000000000000123456789abc",
];

const uint16s: fc.Arbitrary<number> = fc.nat(0xffff);
const uint32s: fc.Arbitrary<number> = fc.nat(0xffffffff);
const data: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 40 });
const mac: fc.Arbitrary<string> = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((bytes) => Buffer.from(bytes).fill(0x02, 0, 1).toString("hex"));

/** Offset in bytes, and 1 when more follow, as in an IPv6 fragment header. Mostly a whole datagram; else not a first fragment. */
const fragment: fc.Arbitrary<number> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(8, 9, 1480, 1481, 0xfff8) },
);

/** TCP options, padded to a multiple of four, 40 bytes at most. */
const tcpOptions: fc.Arbitrary<Uint8Array> = fc
  .record({
    maxSegmentSize: fc.option(uint16s),
    windowScale: fc.option(fc.nat(14)),
    sackPermitted: fc.boolean(),
    timestamps: fc.option(fc.tuple(uint32s, uint32s)),
    sack: fc.option(fc.array(fc.tuple(uint32s, uint32s), { minLength: 1, maxLength: 2 })),
  })
  .map(({ maxSegmentSize, windowScale, sackPermitted, timestamps, sack }) => {
    const parts: Uint8Array[] = [];
    if (maxSegmentSize !== null) parts.push(hex("0204"), uint16(maxSegmentSize));
    if (sackPermitted) parts.push(hex("0402"));
    if (windowScale !== null) parts.push(hex("010303"), Uint8Array.of(windowScale));
    if (timestamps !== null) parts.push(hex("0101080a"), uint32(timestamps[0]), uint32(timestamps[1]));
    if (sack !== null) {
      parts.push(Uint8Array.of(5, 2 + 8 * sack.length));
      for (const [left, right] of sack) parts.push(uint32(left), uint32(right));
    }
    const bytes = joinBytes(...parts);
    return joinBytes(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4).fill(1)).subarray(0, 40);
  });

const tcpSegment: fc.Arbitrary<Uint8Array> = fc
  .record({
    sourcePort: uint16s,
    destinationPort: uint16s,
    sequence: uint32s,
    acknowledgment: uint32s,
    flags: fc.nat(0x1ff),
    window: uint16s,
    options: tcpOptions.filter((options) => wellFormed(options)),
    payload: data,
  })
  .map(({ payload, ...header }) => tcp(payload, header));

const udpDatagram: fc.Arbitrary<Uint8Array> = fc
  .record({
    sourcePort: fc.oneof(uint16s, fc.constant(67)),
    destinationPort: fc.oneof(uint16s, fc.constantFrom(67, 68)),
    payload: data,
  })
  .map(({ payload, ...header }) => udp(payload, header));

interface Transport {
  protocol: number;
  bytes: Uint8Array;
}

/** TCP or UDP. */
const plainTransport: fc.Arbitrary<Transport> = fc.oneof(
  tcpSegment.map((bytes) => ({ protocol: 6, bytes })),
  udpDatagram.map((bytes) => ({ protocol: 17, bytes })),
);

const plainIpv4: fc.Arbitrary<Uint8Array> = ipv4Of(plainTransport);
/** Without a fragment header: tshark's fields do not tell whether it stands in the quote. */
const plainIpv6: fc.Arbitrary<Uint8Array> = ipv6Of(plainTransport, [0, 60]);

/** Echoes, and errors that quote a packet, whole or its start. */
const icmpMessage: fc.Arbitrary<Transport> = fc.oneof(
  fc
    .record({ type: fc.constantFrom(0, 8), word: uint32s, payload: data })
    .map(({ type, word, payload }) => ({ protocol: 1, bytes: icmp(type, 0, word, payload) })),
  fc
    .record({ type: fc.constantFrom(3, 5, 11), code: fc.nat(1), quote: plainIpv4, kept: fc.constantFrom(28, 200) })
    .map(({ type, code, quote, kept }) => ({ protocol: 1, bytes: icmp(type, code, 0, quote.subarray(0, kept)) })),
  fc
    .record({ mtu: uint16s, quote: plainIpv4 })
    .map(({ mtu, quote }) => ({ protocol: 1, bytes: icmp(3, 4, mtu, quote) })),
);

const icmpv6Message: fc.Arbitrary<Transport> = fc.oneof(
  fc
    .record({ type: fc.constantFrom(128, 129), word: uint32s, payload: data })
    .map(({ type, word, payload }) => ({ protocol: 58, bytes: icmp(type, 0, word, payload) })),
  fc
    .record({ type: fc.constantFrom(1, 3), code: fc.nat(1), quote: plainIpv6 })
    .map(({ type, code, quote }) => ({ protocol: 58, bytes: icmp(type, code, 0, quote) })),
  fc
    .record({ mtu: fc.integer({ min: 1280, max: 0xffff }), quote: plainIpv6 })
    .map(({ mtu, quote }) => ({ protocol: 58, bytes: icmp(2, 0, mtu, quote) })),
);

const ip: fc.Arbitrary<Uint8Array> = fc.oneof(
  ipv4Of(fc.oneof(plainTransport, icmpMessage)),
  ipv6Of(fc.oneof(plainTransport, icmpv6Message), [0, 44, 60]),
);

const arp: fc.Arbitrary<Uint8Array> = fc
  .record({
    operation: fc.constantFrom(1, 2),
    sender: fc.tuple(mac, uint32s),
    target: fc.tuple(mac, uint32s),
  })
  .map(({ operation, sender, target }) =>
    joinBytes(hex("0001080006040000"), hex(sender[0]), uint32(sender[1]), hex(target[0]), uint32(target[1])).map(
      (byte, at) => (at === 7 ? operation : byte),
    ),
  );

/** A packet of one of the link types, with nothing wrong in it. */
export const validPacket: fc.Arbitrary<LinkPacket> = fc.oneof(
  { weight: 4, arbitrary: ethernetOf(ip).map((bytes) => ({ linkType: 1, bytes })) },
  fc.tuple(mac, arp).map(([source, message]) => ({ linkType: 1, bytes: ethernet(message, { source, type: 0x0806 }) })),
  fc.tuple(fc.integer({ min: 1, max: 3 }), ip).map(([labels, packet]) => ({
    linkType: 1,
    bytes: ethernet(
      joinBytes(
        new Uint8Array(4 * labels).map((_, at) => (at === 4 * labels - 2 ? 1 : 0)),
        packet,
      ),
      {
        type: 0x8847,
      },
    ),
  })),
  ip.map((packet) => {
    const inner = joinBytes(hex("aaaa03000000"), etherTypeOf(packet), packet);
    return { linkType: 1, bytes: ethernet(inner, { type: inner.length }) };
  }),
  fc.tuple(fc.nat(4), mac, fc.constantFrom("", "81000064"), ip).map(([type, source, tag, packet]) => ({
    linkType: 113,
    bytes: joinBytes(uint16(type), hex("00010006"), hex(`${source}0000${tag}`), etherTypeOf(packet), packet),
  })),
  fc.tuple(fc.nat(4), fc.nat(99), mac, ip).map(([type, index, source, packet]) => ({
    linkType: 276,
    bytes: joinBytes(
      etherTypeOf(packet),
      hex("0000"),
      uint32(index),
      hex("0001"),
      Uint8Array.of(type, 6),
      hex(`${source}0000`),
      packet,
    ),
  })),
  ip.map((packet) => ({ linkType: 101, bytes: packet })),
  fc.tuple(fc.boolean(), ip).map(([swapped, packet]) => {
    const family = hex(is4(packet) ? "00000002" : "0000001e");
    return { linkType: 0, bytes: joinBytes(swapped ? family.reverse() : family, packet) };
  }),
  ip.map((packet) => ({ linkType: 108, bytes: joinBytes(hex(is4(packet) ? "00000002" : "0000001c"), packet) })),
  fc.tuple(fc.constantFrom("", "ff03"), ip).map(([framing, packet]) => ({
    linkType: 9,
    bytes: joinBytes(hex(framing + (is4(packet) ? "0021" : "0057")), packet),
  })),
  ip.map((packet) => ({ linkType: 50, bytes: joinBytes(hex(is4(packet) ? "ff030021" : "ff030057"), packet) })),
);

/** A valid packet in which some bytes were changed. */
export const damagedPacket: fc.Arbitrary<LinkPacket> = fc
  .tuple(validPacket, fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 4 }), fc.option(fc.nat(120)))
  .map(([{ linkType, bytes }, changes, kept]) => {
    const damaged = Uint8Array.from(bytes);
    for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
    return { linkType, bytes: kept === null ? damaged : damaged.slice(0, kept) };
  });

/** Anything at all, as a packet of any link type. */
export const randomPacket: fc.Arbitrary<LinkPacket> = fc.record({
  linkType: fc.constantFrom(0, 1, 9, 12, 14, 50, 101, 108, 113, 228, 229, 276),
  bytes: fc.uint8Array({ maxLength: 120 }),
});

function ipv4Of(transport: fc.Arbitrary<Transport>): fc.Arbitrary<Uint8Array> {
  return fc
    .record({
      source: fc.constantFrom(...ADDRESSES),
      destination: fc.constantFrom(...ADDRESSES),
      ttl: fc.nat(255),
      identification: uint16s,
      dontFragment: fc.boolean(),
      fragment,
      options: fc.constantFrom(hex(""), hex("94040000"), hex("0101010044040400")),
      transport,
    })
    .map(({ transport: { protocol, bytes }, fragment: place, ...header }) =>
      ipv4(bytes, { ...header, fragmentOffset: place & 0xfff8, moreFragments: (place & 1) !== 0, protocol }),
    );
}

/** `extensionTypes`: the extension headers that may stand before the transport. */
function ipv6Of(transport: fc.Arbitrary<Transport>, extensionTypes: number[]): fc.Arbitrary<Uint8Array> {
  return fc
    .record({
      source: fc.constantFrom(...ADDRESSES6),
      destination: fc.constantFrom(...ADDRESSES6),
      hopLimit: fc.nat(255),
      extensions: fc.subarray(extensionTypes),
      fragment,
      transport,
    })
    .map(({ transport: { protocol, bytes }, extensions, fragment: place, ...header }) => {
      const wrapped = extensions.reduceRight((inner, type) => extended(type, place, inner), { protocol, bytes });
      return ipv6(wrapped.bytes, { ...header, nextHeader: wrapped.protocol });
    });
}

/** Puts an extension header before `inner`: a fragment's at `place`, or one that only pads. */
function extended(type: number, place: number, inner: Transport): Transport {
  const fields = type === 44 ? [uint16(place), hex("fedcba98")] : [hex("010400000000")];
  return { protocol: type, bytes: joinBytes(Uint8Array.of(inner.protocol, 0), ...fields, inner.bytes) };
}

function ethernetOf(payload: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const tags = fc
    .record({
      types: fc.constantFrom([], [0x8100], [0x8100, 0x8100], [0x88a8, 0x8100]),
      controls: fc.tuple(uint16s, uint16s),
    })
    .map(({ types, controls }) => types.map((type, index) => ({ type, control: controls[index] ?? 0 })));
  return fc
    .record({ source: mac, destination: mac, tags, payload, padding: fc.boolean() })
    .map(({ payload: inner, padding, ...header }) => {
      const frame = ethernet(inner, header);
      return padding && frame.length < 60 ? joinBytes(frame, new Uint8Array(60 - frame.length)) : frame;
    });
}

/** False when cutting at 40 bytes left an option without its end. */
function wellFormed(options: Uint8Array): boolean {
  let at = 0;
  while (at < options.length) {
    const step = options[at] === 1 ? 1 : (options[at + 1] ?? 0);
    if (step === 0) return false;
    at += step;
  }
  return at === options.length;
}

function is4(packet: Uint8Array): boolean {
  return (packet[0] ?? 0) >>> 4 === 4;
}

function etherTypeOf(packet: Uint8Array): Uint8Array {
  return hex(is4(packet) ? "0800" : "86dd");
}
