import { describe, expect, test } from "vitest";
import type { Packet } from "../../src/decode/packet.ts";
import { TRANSLATION_WINDOW_NS, TranslationTracker } from "../../src/flow/translation.ts";
import { type PacketFields, PLATFORM, tcpPacket, udpPacket } from "../support/flow-packets.ts";

const SYN = 0x02;
const CONTAINER = { source: "172.17.0.2", ttl: 64 };
const VM = { source: "10.0.0.4", ttl: 63 };

/** The pairs after the first packets of flow 0 by interface 0 and of flow 1 by interface `place`. */
function pairsOf(first: Packet, second: Packet, toPlatform = true, place = 1, distanceNs = 1000): unknown {
  const tracker = new TranslationTracker();
  tracker.opened(0, toPlatform, first, 0, 0, 0);
  tracker.opened(1, toPlatform, second, 0, place, distanceNs);
  return tracker.pairs;
}

describe("to the platform", () => {
  test("a SYN with another address and the same sequence number is the translated one", () => {
    const pairs = pairsOf(tcpPacket({ ...CONTAINER, flags: SYN }), tcpPacket({ ...VM, flags: SYN }));
    expect(pairs).toEqual([{ original: 0, translated: 1 }]);
  });

  test("the port may change too", () => {
    const translated = tcpPacket({ ...VM, flags: SYN, sourcePort: 1024 });
    expect(pairsOf(tcpPacket({ ...CONTAINER, flags: SYN }), translated)).toEqual([{ original: 0, translated: 1 }]);
  });

  test("a datagram with another address and the same payload is the translated one", () => {
    const pairs = pairsOf(udpPacket({ ...CONTAINER, payload: "q" }), udpPacket({ ...VM, payload: "q" }));
    expect(pairs).toEqual([{ original: 0, translated: 1 }]);
  });

  test.each<[string, PacketFields]>([
    ["sequence number", { sequence: 7 }],
    ["platform port", { destinationPort: 32526 }],
    ["platform address", { destination: "168.63.129.17" }],
    ["payload length", { payload: "x" }],
  ])("a SYN with another %s is another connection", (_name, fields) => {
    expect(pairsOf(tcpPacket({ ...CONTAINER, flags: SYN }), tcpPacket({ ...VM, flags: SYN, ...fields }))).toEqual([]);
  });

  test("a datagram with other payload is another", () => {
    expect(pairsOf(udpPacket({ ...CONTAINER, payload: "q1" }), udpPacket({ ...VM, payload: "q2" }))).toEqual([]);
  });

  test("two VMs at one interface are not one connection", () => {
    expect(pairsOf(tcpPacket({ ...CONTAINER, flags: SYN }), tcpPacket({ ...VM, flags: SYN }), true, 0)).toEqual([]);
  });

  test("at one cooked v1 interface, which may be two, they are", () => {
    const first = tcpPacket({ ...CONTAINER, flags: SYN, cookedType: 0 });
    const second = tcpPacket({ ...VM, flags: SYN, cookedType: 4 });
    expect(pairsOf(first, second, true, 0)).toEqual([{ original: 0, translated: 1 }]);
  });

  test("the same address twice is no translation", () => {
    expect(pairsOf(tcpPacket({ ...VM, flags: SYN }), tcpPacket({ ...VM, flags: SYN }))).toEqual([]);
  });

  test("the two are at most a millisecond apart", () => {
    const first = tcpPacket({ ...CONTAINER, flags: SYN });
    const second = tcpPacket({ ...VM, flags: SYN });
    expect(pairsOf(first, second, true, 1, TRANSLATION_WINDOW_NS)).toEqual([{ original: 0, translated: 1 }]);
    expect(pairsOf(first, second, true, 1, TRANSLATION_WINDOW_NS + 1)).toEqual([]);
  });

  test("translation twice gives two pairs", () => {
    const tracker = new TranslationTracker();
    const sources = ["10.244.0.7", "172.17.0.2", "10.0.0.4"];
    const others = sources.map((source, flow) =>
      tracker.opened(flow, true, tcpPacket({ source, flags: SYN }), 0, flow, flow),
    );
    expect(others).toEqual([-1, 0, 1]);
    expect(tracker.pairs).toEqual([
      { original: 0, translated: 1 },
      { original: 1, translated: 2 },
    ]);
  });
});

describe("from the platform", () => {
  test("the outer address is seen first, and the port may be mapped", () => {
    const outer = tcpPacket({
      source: PLATFORM,
      sourcePort: 50000,
      destination: "10.0.0.4",
      destinationPort: 8080,
      flags: SYN,
    });
    const inner = tcpPacket({
      source: PLATFORM,
      sourcePort: 50000,
      destination: "172.17.0.2",
      destinationPort: 80,
      flags: SYN,
    });
    expect(pairsOf(outer, inner, false)).toEqual([{ original: 1, translated: 0 }]);
  });

  test("a probe from another port is another connection", () => {
    const outer = tcpPacket({ source: PLATFORM, sourcePort: 50000, destination: "10.0.0.4", flags: SYN });
    const inner = tcpPacket({ source: PLATFORM, sourcePort: 50001, destination: "172.17.0.2", flags: SYN });
    expect(pairsOf(outer, inner, false)).toEqual([]);
  });
});

describe("read out of order, as dumpcap writes several interfaces", () => {
  test("the TTL tells which side is the inner one", () => {
    const outer = tcpPacket({ ...VM, flags: SYN });
    const inner = tcpPacket({ ...CONTAINER, flags: SYN });
    expect(pairsOf(outer, inner)).toEqual([{ original: 1, translated: 0 }]);
  });

  test("where the TTL is equal, the clock does", () => {
    const outer = tcpPacket({ ...VM, flags: SYN, ttl: 64 });
    const inner = tcpPacket({ ...CONTAINER, flags: SYN });
    expect(pairsOf(outer, inner, true, 1, -1000)).toEqual([{ original: 1, translated: 0 }]);
    expect(pairsOf(outer, inner, true, 1, 1000)).toEqual([{ original: 0, translated: 1 }]);
  });
});

test("a flow whose row is used again loses its pairs", () => {
  const tracker = new TranslationTracker();
  tracker.opened(0, true, tcpPacket({ ...CONTAINER, flags: SYN }), 0, 0, 0);
  tracker.opened(1, true, tcpPacket({ ...VM, flags: SYN }), 0, 1, 10);
  tracker.released(1);
  expect(tracker.pairs).toEqual([]);
});
