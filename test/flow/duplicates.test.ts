import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Packet } from "../../src/decode/packet.ts";
import { DUPLICATE_WINDOW_NS, DuplicateFilter, SAME_PLACE_WINDOW_NS } from "../../src/flow/duplicates.ts";
import {
  fragmentPacket,
  type PacketFields,
  PLATFORM,
  PLATFORM_MAC,
  tcpPacket,
  udpPacket,
} from "../support/flow-packets.ts";

const SYN = 0x02;
const VM_MAC = "00:0d:3a:00:00:01";

/** Whether the second of two packets is a copy of the first: both of source 0, by interfaces 0 and 1. */
function isCopy(first: Packet, second: Packet, distanceNs = 1000): boolean {
  const filter = new DuplicateFilter();
  filter.isDuplicate(first, 0, 0, 0, 0, 0);
  return filter.isDuplicate(second, 0, 1, 1, 1, distanceNs);
}

/** The same for one interface. */
function isCopyHere(first: Packet, second: Packet, distanceNs = 1000): boolean {
  const filter = new DuplicateFilter();
  filter.isDuplicate(first, 0, 0, 0, 0, 0);
  return filter.isDuplicate(second, 0, 0, 0, 1, distanceNs);
}

describe("two interfaces", () => {
  test("an equal packet at another interface is a copy", () => {
    expect(isCopy(tcpPacket(), tcpPacket())).toBe(true);
    expect(isCopy(udpPacket({ payload: "query" }), udpPacket({ payload: "query" }))).toBe(true);
    expect(
      isCopy(fragmentPacket(8, true, { payload: "12345678" }), fragmentPacket(8, true, { payload: "12345678" })),
    ).toBe(true);
  });

  test("an equal packet of another source is a copy", () => {
    const filter = new DuplicateFilter();
    filter.isDuplicate(tcpPacket(), 0, 0, 0, 0, 0);
    expect(filter.isDuplicate(tcpPacket(), 1, 0, 1, 1, 500)).toBe(true);
  });

  test("an equal IPv6 packet at another interface is a copy", () => {
    const fields = { source: "fe80::1234:5678:9abc", destination: "fe80::20d:3aff:fe00:1", identification: 0 };
    expect(isCopy(tcpPacket({ ...fields, flags: SYN }), tcpPacket({ ...fields, flags: SYN }))).toBe(true);
    expect(isCopy(tcpPacket({ ...fields, flags: SYN }), tcpPacket({ ...fields, source: "fe80::1", flags: SYN }))).toBe(
      false,
    );
  });

  test.each<[string, PacketFields]>([
    ["sequence number", { sequence: 1001 }],
    ["acknowledgment", { acknowledgment: 1 }],
    ["flags", { flags: 0x18 }],
    ["window", { window: 1 }],
    ["identification", { identification: 2 }],
    ["port", { sourcePort: 50001 }],
    ["address", { source: "10.0.0.5" }],
    ["payload length", { payload: "ab" }],
  ])("a packet with another %s is none", (_name, fields) => {
    expect(isCopy(tcpPacket({ payload: "a" }), tcpPacket({ payload: "a", ...fields }))).toBe(false);
  });

  test("a datagram with other payload is none", () => {
    expect(isCopy(udpPacket({ payload: "query1" }), udpPacket({ payload: "query2" }))).toBe(false);
  });

  test("DHCP messages that differ in their options alone are apart", () => {
    const discover = new Uint8Array(300);
    const request = new Uint8Array(300);
    discover[242] = 1;
    request[242] = 3;
    expect(
      isCopy(udpPacket({ payload: discover, identification: 0 }), udpPacket({ payload: request, identification: 0 })),
    ).toBe(false);
  });

  test("a copy may come a millisecond later and no more", () => {
    expect(isCopy(tcpPacket(), tcpPacket(), DUPLICATE_WINDOW_NS)).toBe(true);
    expect(isCopy(tcpPacket(), tcpPacket(), DUPLICATE_WINDOW_NS + 1)).toBe(false);
  });

  test("a copy may be stamped earlier when sources' clocks differ a little", () => {
    expect(isCopy(tcpPacket(), tcpPacket(), -1000)).toBe(true);
  });

  test("a copy behind the VM's own routing has a TTL lower by one", () => {
    expect(isCopy(tcpPacket({ ttl: 64 }), tcpPacket({ ttl: 63 }))).toBe(true);
    expect(isCopy(tcpPacket({ ttl: 64 }), tcpPacket({ ttl: 62 }))).toBe(false);
    expect(isCopy(tcpPacket({ ttl: 63 }), tcpPacket({ ttl: 64 }))).toBe(false);
  });

  test("each hop of a longer way counts from the one before", () => {
    const filter = new DuplicateFilter();
    const seen = [64, 64, 63, 62].map((ttl, index) =>
      filter.isDuplicate(tcpPacket({ ttl }), 0, index, index, index, index),
    );
    expect(seen).toEqual([false, true, true, true]);
  });

  test("a copy from before the VM's own routing may be read late", () => {
    expect(isCopy(tcpPacket({ ttl: 63 }), tcpPacket({ ttl: 64 }), -1000)).toBe(true);
    expect(isCopy(tcpPacket({ ttl: 63 }), tcpPacket({ ttl: 65 }), -1000)).toBe(false);
  });

  test("each copy tells whether it was captured before or after all others", () => {
    const filter = new DuplicateFilter();
    const order = [0, 500, -300, 200].map((atNs, place) => {
      filter.isDuplicate(tcpPacket(), 0, place, place, place, atNs);
      return [filter.isEarliest, filter.isLatest];
    });
    expect(order.slice(1)).toEqual([
      [false, true],
      [true, false],
      [false, false],
    ]);
  });

  test("a copy tells the packet that counts, and its NIC", () => {
    const filter = new DuplicateFilter();
    filter.isDuplicate(tcpPacket(), 0, 0, 5, 77, 0);
    filter.isDuplicate(tcpPacket({ sequence: 1 }), 0, 0, 6, 78, 10);
    expect(filter.isDuplicate(tcpPacket(), 0, 1, 8, 79, 20)).toBe(true);
    expect([filter.firstPacket, filter.firstNic]).toEqual([77, 5]);
  });

  test("an unknown NIC stays unknown", () => {
    const filter = new DuplicateFilter();
    filter.isDuplicate(tcpPacket(), 0, 0, -1, 0, 0);
    filter.isDuplicate(tcpPacket(), 0, 1, 3, 1, 20);
    expect(filter.firstNic).toBe(-1);
  });
});

describe("one interface", () => {
  test("a packet that each layer of a packet monitor records is one", () => {
    const filter = new DuplicateFilter();
    const data = tcpPacket({ payload: "a" });
    const seen = [0, 8_000, 20_000, 219_999].map((atNs, index) => filter.isDuplicate(data, 0, 0, 0, index, atNs));
    expect(seen).toEqual([false, true, true, true]);
    expect(filter.firstPacket).toBe(0);
  });

  test("what comes later than layers can record it, or with another TTL, was sent again", () => {
    const data = tcpPacket({ payload: "a" });
    expect(isCopyHere(data, data, SAME_PLACE_WINDOW_NS)).toBe(true);
    expect(isCopyHere(data, data, SAME_PLACE_WINDOW_NS + 1)).toBe(false);
    expect(isCopyHere(data, tcpPacket({ payload: "a", ttl: 63 }))).toBe(false);
    expect(isCopyHere(data, data, -1)).toBe(false);
  });

  test("what comes to the VM twice was doubled on its way, unless the source repeats what the VM sends", () => {
    const filter = new DuplicateFilter();
    const answer = udpPacket({ source: PLATFORM, destination: "10.0.0.4", payload: "answer" });
    const query = udpPacket({ payload: "query" });
    const seen = [answer, answer, query, query, answer, answer].map((packet, index) =>
      filter.isDuplicate(packet, 0, 0, 0, index, (index >> 1) * 2_000_000 + index, packet === query),
    );
    expect(seen).toEqual([false, false, false, true, false, true]);
  });

  test.each<[string, PacketFields]>([
    ["bare acknowledgments", {}],
    [
      "SYN-ACKs without an identification, of which one answers a SYN that came again",
      { identification: 0, flags: 0x12 },
    ],
    ["data over IPv6", { source: "fe80::1", destination: "fe80::1234:5678:9abc", identification: 0, payload: "a" }],
  ])("%s were sent twice, unless the source repeats its packets", (_name, fields) => {
    const filter = new DuplicateFilter();
    const packet = tcpPacket(fields);
    const opening = tcpPacket({ flags: SYN, identification: 0 });
    expect(isCopyHere(packet, packet, 1)).toBe(false);
    const seen = [opening, opening, packet, packet].map((one, index) =>
      filter.isDuplicate(one, 3, 0, 0, index, index * 5_000),
    );
    expect(seen).toEqual([false, true, false, true]);
    expect(filter.isDuplicate(packet, 4, 0, 0, 4, 2_000_000)).toBe(false);
    expect(filter.isDuplicate(packet, 4, 0, 0, 5, 2_005_000)).toBe(false);
  });

  test("an equal packet with other addresses of the link layer, or in another VLAN, is a copy", () => {
    const first = { sourceMac: VM_MAC, destinationMac: PLATFORM_MAC };
    expect(isCopyHere(tcpPacket(first), tcpPacket({ ...first, sourceMac: "00:0d:3a:00:00:02" }))).toBe(true);
    expect(isCopyHere(tcpPacket(first), tcpPacket({ ...first, vlan: 7 }))).toBe(true);
    expect(isCopyHere(tcpPacket(first), tcpPacket(first))).toBe(false);
  });

  test("a cooked header's interface index tells interfaces apart", () => {
    expect(
      isCopyHere(tcpPacket({ cookedInterface: 2, cookedType: 4 }), tcpPacket({ cookedInterface: 3, cookedType: 4 })),
    ).toBe(true);
  });

  test("a packet sent again is counted again, and so is each copy", () => {
    const filter = new DuplicateFilter();
    const packet = tcpPacket({ identification: 0, flags: SYN });
    const seen = [0, 1, 0, 1].map((place, index) =>
      filter.isDuplicate(packet, 0, place, place, index, (index >> 1) * 400_000 + index),
    );
    expect(seen).toEqual([false, true, false, true]);
    expect(filter.firstPacket).toBe(2);
  });
});

describe("Linux cooked v1, which hides the interface", () => {
  const outgoing = { cookedType: 4, sourceMac: VM_MAC };

  test("both sightings of accelerated networking look alike, and the identification shows that they are one", () => {
    expect(isCopyHere(tcpPacket(outgoing), tcpPacket(outgoing))).toBe(true);
    expect(isCopyHere(tcpPacket(outgoing), tcpPacket({ ...outgoing, identification: 2 }))).toBe(false);
  });

  test("a packet that comes in and goes out again is one", () => {
    expect(
      isCopyHere(tcpPacket({ cookedType: 0, sourceMac: "02:42:ac:11:00:02" }), tcpPacket({ ...outgoing, ttl: 63 })),
    ).toBe(true);
  });

  test("without an identification, equal bare acknowledgments may both have been sent", () => {
    const bare = { ...outgoing, identification: 0 };
    expect(isCopyHere(tcpPacket(bare), tcpPacket(bare))).toBe(false);
    expect(isCopyHere(tcpPacket({ ...bare, flags: SYN }), tcpPacket({ ...bare, flags: SYN }))).toBe(true);
    expect(isCopyHere(tcpPacket({ ...bare, payload: "a" }), tcpPacket({ ...bare, payload: "a" }))).toBe(true);
    expect(isCopyHere(udpPacket({ ...bare, payload: "a" }), udpPacket({ ...bare, payload: "a" }))).toBe(true);
    expect(isCopyHere(tcpPacket({ ...bare, cookedType: 0 }), tcpPacket(bare))).toBe(true);
  });

  test("a retransmission of a handshake that comes later is none", () => {
    const synAck = { cookedType: 0, source: PLATFORM, destination: "10.0.0.4", identification: 0, flags: 0x12 };
    expect(isCopyHere(tcpPacket(synAck), tcpPacket(synAck), 1_000_000_000)).toBe(false);
  });
});

test("of any packets at two interfaces each second copy is found, and no first one is taken for a copy", () => {
  const fields = fc.record({
    sequence: fc.integer(),
    identification: fc.integer({ min: 0, max: 0xffff }),
    sourcePort: fc.integer({ min: 1, max: 0xffff }),
  });
  const unique = fc.uniqueArray(fields, {
    maxLength: 100,
    selector: (one) => `${one.sequence} ${one.identification} ${one.sourcePort}`,
  });
  fc.assert(
    fc.property(unique, (packets) => {
      const filter = new DuplicateFilter();
      for (const [index, one] of packets.entries())
        expect(filter.isDuplicate(tcpPacket(one), 0, 0, 0, index, index)).toBe(false);
      for (const [index, one] of packets.entries()) {
        expect(filter.isDuplicate(tcpPacket(one), 0, 1, 1, -1, 1000 + index)).toBe(true);
        expect(filter.firstPacket).toBe(index);
      }
    }),
  );
});
