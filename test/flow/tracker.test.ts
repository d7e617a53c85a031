import { describe, expect, test } from "vitest";
import { FlowField, Initiator } from "../../src/flow/flow-table.ts";
import { tcpOutcome } from "../../src/flow/handshake.ts";
import { PacketMark } from "../../src/flow/packet-mark.ts";
import { TcpField } from "../../src/flow/tcp-table.ts";
import type { FlowTracker } from "../../src/flow/tracker.ts";
import { ethernet, hex, icmp, ipv4, ipv6, joinBytes, tcp, udp, uint32 } from "../support/packet-bytes.ts";
import { segmentPackets, type TimedPacket, Tracking, trackPackets, trackSegments } from "../support/segments.ts";

const PLATFORM = "168.63.129.16";
const VM = "10.0.0.4";
const ROUTER = "10.0.0.1";
const TCP = 6;
const UDP = 17;
const ICMP = 1;
const SECOND = 1e9;

function packet(atNs: number, bytes: Uint8Array): TimedPacket {
  return { atNs, bytes };
}

function query(atNs: number, vmPort = 40_000, text = "question"): TimedPacket {
  const datagram = udp(Buffer.from(text), { sourcePort: vmPort, destinationPort: 53 });
  return packet(atNs, ethernet(ipv4(datagram, { protocol: UDP })));
}

function answer(atNs: number, vmPort = 40_000, text = "answer"): TimedPacket {
  const datagram = udp(Buffer.from(text), { sourcePort: 53, destinationPort: vmPort });
  return packet(atNs, ethernet(ipv4(datagram, { protocol: UDP, source: PLATFORM, destination: VM })));
}

function countsOf(tracker: FlowTracker, flow: number): number[] {
  const ints = [FlowField.packetsTo, FlowField.packetsFrom].map((field) => tracker.flows.int(flow, field));
  const fields = [FlowField.bytesTo, FlowField.bytesFrom, FlowField.payloadTo, FlowField.payloadFrom];
  return [...ints, ...fields.map((field) => tracker.flows.double(flow, field))];
}

function outcomeOf(tracker: FlowTracker, flow: number): string {
  return tcpOutcome(tracker.tcp.table.int(tracker.flows.int(flow, FlowField.tcp), TcpField.seen));
}

describe("what counts", () => {
  test("packets, IP bytes and payload by direction", () => {
    const { tracker } = trackPackets([query(0), query(1), answer(2)]);
    expect(countsOf(tracker, 0)).toEqual([2, 1, 72, 34, 16, 6]);
  });

  test("nothing of a packet between others", () => {
    const other = ethernet(ipv4(udp(Buffer.from("x")), { protocol: UDP, destination: "10.0.0.9" }));
    const tracking = new Tracking();
    expect(tracking.take(packet(0, other))).toBe(false);
    expect([tracking.tracker.counters.platformPackets, tracking.tracker.packets.count]).toEqual([0, 0]);
  });

  test("a packet of another protocol has a place, and no flow", () => {
    const { tracker } = trackPackets([packet(0, ethernet(ipv4(hex("00000000"), { protocol: 47 })))]);
    expect([tracker.counters.platformPackets, tracker.flows.rows, tracker.packets.flow(0)]).toEqual([1, 0, -1]);
  });

  test("a header that cannot be decoded is counted and marked", () => {
    const broken = tcp(new Uint8Array(0));
    broken[12] = 0x10;
    const { tracker } = trackPackets([packet(0, ethernet(ipv4(broken)))]);
    expect(tracker.counters.packetsNotDecoded).toBe(1);
    expect(tracker.packets.marks(0) & PacketMark.malformed).toBe(PacketMark.malformed);
  });

  test("a packet cut after its ports belongs to its flow", () => {
    const [syn] = segmentPackets("0 vm syn seq 1");
    const whole = syn?.bytes ?? new Uint8Array(0);
    const cut = { atNs: 5, bytes: whole.slice(0, 14 + 20 + 6), wireBytes: whole.length };
    const { tracker } = trackPackets([packet(0, whole), cut]);
    expect([tracker.flows.rows, ...countsOf(tracker, 0).slice(0, 2)]).toEqual([1, 2, 0]);
    expect([tracker.counters.truncatedPackets, tracker.flows.int(0, FlowField.truncatedPackets)]).toEqual([1, 1]);
    expect(tracker.examples.truncated).toEqual([1]);
  });

  test("the same packet at another interface counts once", () => {
    const [syn] = segmentPackets("0 vm syn seq 1");
    const copy = { atNs: 1000, bytes: syn?.bytes ?? new Uint8Array(0), source: 1 };
    const { tracker } = trackPackets([...(syn === undefined ? [] : [syn]), copy]);
    expect([...countsOf(tracker, 0).slice(0, 2), tracker.flows.int(0, FlowField.duplicatePackets)]).toEqual([1, 0, 1]);
    expect([tracker.counters.platformPackets, tracker.counters.duplicatePackets]).toEqual([2, 1]);
    expect(tracker.packets.marks(1)).toBe(PacketMark.duplicate);
  });

  test("MACs, VLAN, TTL and the first and last time", () => {
    const tagged = ethernet(ipv4(udp(Buffer.from("q"), { sourcePort: 40_000 }), { protocol: UDP }), {
      tags: [{ type: 0x8100, control: 0x2005 }],
    });
    const { tracker } = trackPackets([query(5), packet(7, tagged), answer(9)]);
    const { flows } = tracker;
    expect([flows.vmMacText(0), flows.platformMacText(0)]).toEqual(["00:0d:3a:00:00:01", "12:34:56:78:9a:bc"]);
    expect([flows.int(0, FlowField.vlan), flows.int(0, FlowField.timeToLiveFrom)]).toEqual([5, 64]);
    expect([flows.double(0, FlowField.startedNs), flows.double(0, FlowField.endedNs)]).toEqual([5, 9]);
  });
});

describe("flows without a connection", () => {
  test("a query and its answer are one, begun by the VM", () => {
    const { tracker } = trackPackets([query(0), answer(1)]);
    expect([tracker.flows.rows, tracker.flows.int(0, FlowField.initiator)]).toEqual([1, Initiator.vm]);
    expect([tracker.flows.vmAddressText(0), tracker.flows.platformAddressText(0)]).toEqual([VM, PLATFORM]);
  });

  test("an answer alone was asked for by the VM", () => {
    const { tracker } = trackPackets([answer(1)]);
    expect(tracker.flows.int(0, FlowField.initiator)).toBe(Initiator.vm);
  });

  test("a minute of silence is still the same flow, more is another", () => {
    expect(trackPackets([query(0), query(60 * SECOND)]).tracker.flows.rows).toBe(1);
    expect(trackPackets([query(0), query(60 * SECOND + 1)]).tracker.flows.rows).toBe(2);
  });

  test("datagrams are handed on, and a cut one is said to be cut", () => {
    const whole = query(0);
    const cut = { atNs: 1, bytes: query(1).bytes.slice(0, -3), wireBytes: whole.bytes.length };
    expect(trackPackets([whole, cut]).listener.told).toMatchObject([
      { what: "opened", flow: 0 },
      { what: "datagram", toPlatform: true, text: "question", whole: true },
      { what: "datagram", text: "quest", whole: false },
    ]);
  });

  test("echoes are told apart by identifier", () => {
    const echo = (type: number, identifier: number, from = VM, to = PLATFORM): Uint8Array =>
      ethernet(
        ipv4(icmp(type, 0, identifier << 16, Buffer.from("ping")), { protocol: ICMP, source: from, destination: to }),
      );
    const { tracker } = trackPackets([
      packet(0, echo(8, 1)),
      packet(1, echo(8, 2)),
      packet(2, echo(0, 1, PLATFORM, VM)),
    ]);
    expect([tracker.flows.rows, ...countsOf(tracker, 0).slice(0, 2), ...countsOf(tracker, 1).slice(0, 2)]).toEqual([
      2, 1, 1, 1, 0,
    ]);
  });

  test("IPv6 has its own flows", () => {
    const probe = ipv6(tcp(new Uint8Array(0), { sourcePort: 50_000, destinationPort: 8080 }), {
      source: "fe800000000000000000123456789abc",
      destination: "fe800000000000000222aafffebbcc01",
    });
    const addresses = {
      hasIpv4: () => false,
      hasIpv6: (_0: number, _1: number, _2: number, last: number) => last === 0x56789abc,
    };
    const { tracker } = trackPackets([packet(0, ethernet(probe))], { addresses });
    expect([tracker.flows.vmAddressText(0), tracker.flows.platformAddressText(0)]).toEqual([
      "fe80::222:aaff:febb:cc01",
      "fe80::1234:5678:9abc",
    ]);
    expect(tracker.flows.int(0, FlowField.initiator)).toBe(Initiator.platform);
  });
});

describe("DHCP", () => {
  const CLIENT = "000d3a000001";

  function bootp(
    atNs: number,
    fromClient: boolean,
    source: string,
    destination: string,
    yours = "00000000",
  ): TimedPacket {
    const message = joinBytes(
      Uint8Array.of(fromClient ? 1 : 2, 1, 6, 0),
      uint32(0x1234),
      hex("00000000"),
      hex("00000000"),
      hex(yours),
      hex("0000000000000000"),
      hex(CLIENT),
      new Uint8Array(10 + 192),
    );
    const ports = fromClient ? { sourcePort: 68, destinationPort: 67 } : { sourcePort: 67, destinationPort: 68 };
    const macs = fromClient
      ? { source: CLIENT, destination: "ffffffffffff" }
      : { source: "123456789abc", destination: "ffffffffffff" };
    return packet(atNs, ethernet(ipv4(udp(message, ports), { protocol: UDP, source, destination }), macs));
  }

  const discover = bootp(0, true, "0.0.0.0", "255.255.255.255");
  const offer = bootp(SECOND, false, PLATFORM, "255.255.255.255", "0a000004");

  test("a client that nobody answers asks everybody from no address", () => {
    const { flows } = trackPackets([discover]).tracker;
    expect([
      flows.vmAddressText(0),
      flows.platformAddressText(0),
      flows.vmMacText(0),
      flows.platformMacText(0),
    ]).toEqual(["0.0.0.0", "255.255.255.255", "00:0d:3a:00:00:01", null]);
  });

  test("an offer tells both addresses, and belongs to the same flow", () => {
    const { tracker } = trackPackets([discover, offer]);
    expect([tracker.flows.rows, tracker.flows.vmAddressText(0), tracker.flows.platformAddressText(0)]).toEqual([
      1,
      VM,
      PLATFORM,
    ]);
    expect(countsOf(tracker, 0).slice(0, 2)).toEqual([1, 1]);
    expect(tracker.flows.platformMacText(0)).toBe("12:34:56:78:9a:bc");
  });

  test("a platform address stands before another server's, whichever answers first", () => {
    const foreign = bootp(SECOND, false, "10.0.0.66", "255.255.255.255", "0a000063");
    expect(trackPackets([discover, foreign, offer]).tracker.flows.platformAddressText(0)).toBe(PLATFORM);
    expect(trackPackets([discover, foreign]).tracker.flows.platformAddressText(0)).toBe("10.0.0.66");
  });

  test("a renewal by unicast is the same client's", () => {
    const renewal = bootp(300 * SECOND, true, VM, PLATFORM);
    expect(trackPackets([discover, offer, renewal]).tracker.flows.rows).toBe(1);
  });
});

describe("ICMP errors", () => {
  function quoting(original: Uint8Array, type: number, code: number, from = ROUTER, word = 0): Uint8Array {
    const quote = original.slice(14, 14 + 28);
    return ethernet(ipv4(icmp(type, code, word, quote), { protocol: ICMP, source: from, destination: VM }));
  }

  const [syn] = segmentPackets("0 vm syn seq 100");
  const synBytes = syn?.bytes ?? new Uint8Array(0);

  test("one that quotes the SYN rejects it, and counts in no counter of the flow", () => {
    const { tracker } = trackPackets([packet(0, synBytes), packet(5, quoting(synBytes, 3, 13))]);
    expect(outcomeOf(tracker, 0)).toBe("rejected");
    expect(countsOf(tracker, 0).slice(0, 2)).toEqual([1, 0]);
    expect(tracker.packets.marks(1)).toBe(PacketMark.icmpError);
    expect([tracker.packets.firstOf(0), tracker.packets.nextOf(0)]).toEqual([0, 1]);
    const { icmpErrors: errors } = tracker;
    expect([
      errors.count,
      errors.flow(0),
      errors.packet(0),
      errors.type(0),
      errors.code(0),
      errors.fromText(0),
    ]).toEqual([1, 0, 1, 3, 13, ROUTER]);
    expect([errors.quotedVmPort(0), errors.quotedPlatformPort(0), errors.quotedProtocol(0)]).toEqual([50_000, 80, TCP]);
  });

  test("one about size rejects nothing, and tells the MTU", () => {
    const { tracker } = trackPackets([packet(0, synBytes), packet(5, quoting(synBytes, 3, 4, ROUTER, 1400))]);
    expect([outcomeOf(tracker, 0), tracker.icmpErrors.nextHopMtu(0)]).toEqual(["unanswered", 1400]);
  });

  test("a redirect and a source quench reject nothing", () => {
    const errors = [packet(5, quoting(synBytes, 5, 1)), packet(6, quoting(synBytes, 4, 0))];
    expect(outcomeOf(trackPackets([packet(0, synBytes), ...errors]).tracker, 0)).toBe("unanswered");
  });

  test("one about a later segment rejects nothing", () => {
    const [, data] = segmentPackets("0 vm syn seq 100 \n 1 vm seq 101 ack 5 data 10");
    const { tracker } = trackPackets([packet(0, synBytes), packet(5, quoting(data?.bytes ?? synBytes, 3, 1))]);
    expect(outcomeOf(tracker, 0)).toBe("unanswered");
  });

  test("a SYN that was answered after all was not rejected", () => {
    const rest = segmentPackets("10 platform syn ack 101 seq 5 \n 11 vm seq 101 ack 6");
    const { tracker } = trackPackets([packet(0, synBytes), packet(5, quoting(synBytes, 3, 1)), ...rest]);
    expect(outcomeOf(tracker, 0)).toBe("established");
  });

  test("one about a packet that was never seen is kept without a flow", () => {
    const { tracker } = trackPackets([packet(5, quoting(synBytes, 3, 1))]);
    expect([tracker.flows.rows, tracker.icmpErrors.flow(0), tracker.counters.platformPackets]).toEqual([0, -1, 1]);
  });

  test("one about other traffic is none of ours", () => {
    const other = ethernet(ipv4(tcp(new Uint8Array(0)), { destination: "10.0.0.9" }));
    expect(trackPackets([packet(0, quoting(other, 3, 1))]).tracker.counters.platformPackets).toBe(0);
  });
});

describe("fragments", () => {
  const datagram = udp(new Uint8Array(3000).fill(97), { sourcePort: 53, destinationPort: 40_000 });

  function fragment(atNs: number, from: number, to: number): TimedPacket {
    const options = { protocol: UDP, source: PLATFORM, destination: VM, identification: 7 };
    const more = to < datagram.length;
    return packet(
      atNs,
      ethernet(ipv4(datagram.slice(from, to), { ...options, moreFragments: more, fragmentOffset: from })),
    );
  }

  const [first, second, third] = [fragment(1, 0, 1480), fragment(2, 1480, 2960), fragment(3, 2960, 3008)];

  test("are one datagram of one flow, and each counts as a packet", () => {
    const { tracker, listener } = trackPackets([first, second, third]);
    expect([tracker.flows.rows, ...countsOf(tracker, 0)]).toEqual([1, 0, 3, 0, 3068, 0, 3000]);
    expect(listener.told).toMatchObject([{ what: "opened" }, { what: "datagram", bytes: 3000, whole: true }]);
    expect([0, 1, 2].map((index) => tracker.packets.flow(index))).toEqual([0, 0, 0]);
  });

  test("in another order they are the same datagram; one before the first has no flow", () => {
    const { tracker, listener } = trackPackets([third, first, second]);
    expect(listener.told).toMatchObject([{ what: "opened" }, { what: "datagram", bytes: 3000, whole: true }]);
    expect([0, 1, 2].map((index) => tracker.packets.flow(index))).toEqual([-1, 0, 0]);
    expect(tracker.packets.marks(0)).toBe(PacketMark.fragment);
  });
});

describe("streams", () => {
  test("come in order and once, and end with their FIN", () => {
    const { listener } = trackSegments(`
      0 vm syn seq 99
      1 platform syn ack 100 seq 499
      2 vm seq 100 ack 500
      3 vm seq 104 ack 500 data 4
      4 vm seq 100 ack 500 data 4
      5 vm seq 100 ack 500 data 4
      6 platform fin seq 500 ack 108
      7 vm fin seq 108 ack 501`);
    expect(listener.told.slice(1)).toEqual([
      { what: "stream", flow: 0, toPlatform: true, text: "wxyz" },
      { what: "stream", flow: 0, toPlatform: true, text: "abcd" },
      { what: "closed", flow: 0, toPlatform: false, how: "fin" },
      { what: "closed", flow: 0, toPlatform: true, how: "fin" },
    ]);
  });

  test("tell what the capture missed as a gap", () => {
    const { listener } = trackSegments(`
      0 vm syn seq 99
      1 platform syn ack 100 seq 499
      2 vm seq 104 ack 500 data 2
      3 platform seq 500 ack 106`);
    expect(listener.told.slice(1, 3)).toEqual([
      { what: "gap", flow: 0, toPlatform: true, bytes: 4 },
      { what: "stream", flow: 0, toPlatform: true, text: "ab" },
    ]);
  });

  test("end with a RST for both directions, and hold nothing after it", () => {
    const { listener } = trackSegments(`
      0 vm seq 100 ack 500 data 2
      1 platform rst seq 500
      2 vm seq 102 ack 500 data 2`);
    expect(listener.told.slice(1)).toEqual([
      { what: "stream", flow: 0, toPlatform: true, text: "wx" },
      { what: "closed", flow: 0, toPlatform: true, how: "reset" },
      { what: "closed", flow: 0, toPlatform: false, how: "reset" },
    ]);
  });

  test("that never ended are let go at the end", () => {
    const { listener } = trackSegments("0 vm seq 100 ack 500 data 2");
    expect(listener.told.slice(2).map(({ what, how }) => `${what} ${how}`)).toEqual(["closed let-go", "closed let-go"]);
  });

  test("are let go when their ports are used again", () => {
    const { listener } = trackSegments("0 vm seq 100 ack 500 data 2 \n 1 vm syn seq 9000");
    expect(listener.told.map(({ what, flow }) => `${what} ${flow}`)).toEqual([
      "opened 0",
      "stream 0",
      "closed 0",
      "closed 0",
      "opened 1",
      "closed 1",
      "closed 1",
    ]);
  });
});

describe("a full table", () => {
  /** Single SYNs that nobody answers, from many ports. */
  function flood(fromPort: number, count: number, atNs: number): TimedPacket[] {
    const lines = Array.from({ length: count }, (_, index) => `${atNs / 1e6} vm syn seq 1 port ${fromPort + index}`);
    return segmentPackets(lines.join("\n"));
  }

  const answered = segmentPackets(`
    0 vm syn seq 100 port 999
    1 platform syn ack 101 seq 500 port 999
    2 vm seq 101 ack 501 port 999`);

  test("gives up unanswered flows, the oldest first, and keeps those that had an answer", () => {
    const { tracker, listener } = trackPackets([...answered, ...flood(2000, 20, 5e6)], { maxFlows: 8 });
    const ports: number[] = [];
    for (let flow = 0; flow < tracker.flows.rows; flow++) ports.push(tracker.flows.int(flow, FlowField.vmPort));
    expect(ports.sort((a, b) => a - b)).toEqual([999, 2013, 2014, 2015, 2016, 2017, 2018, 2019]);
    expect(tracker.counters.flowsDropped).toBe(13);
    expect(listener.told.filter(({ what }) => what === "released")).toHaveLength(13);
  });

  test("still takes in the VM's own connections after a flood", () => {
    const { tracker } = trackPackets([...flood(2000, 50, 0), ...answered], { maxFlows: 8 });
    const flows = Array.from({ length: tracker.flows.rows }, (_, flow) => flow);
    const own = flows.filter((flow) => tracker.flows.int(flow, FlowField.vmPort) === 999);
    expect(own.map((flow) => outcomeOf(tracker, flow))).toEqual(["established"]);
  });

  test("prefers those with one packet to those that tried again", () => {
    const retried = segmentPackets("0 vm syn seq 1 port 999 \n 1000 vm syn seq 1 port 999");
    const { tracker } = trackPackets([...retried, ...flood(2000, 20, 2e9)], { maxFlows: 8 });
    const flows = Array.from({ length: tracker.flows.rows }, (_, flow) => flow);
    expect(flows.some((flow) => tracker.flows.int(flow, FlowField.vmPort) === 999)).toBe(true);
  });

  test("of answered flows alone takes no more, and counts them", () => {
    const { tracker } = trackPackets([...answered, ...flood(2000, 1, 5e6)], { maxFlows: 1 });
    expect([tracker.flows.rows, tracker.counters.flowsDropped, tracker.counters.platformPackets]).toEqual([1, 1, 4]);
    expect(tracker.packets.flow(3)).toBe(-1);
  });

  test("forgets nothing that a released flow's row could be mistaken for", () => {
    const quote = ethernet(
      ipv4(icmp(3, 1, 0, (flood(2000, 1, 0)[0]?.bytes ?? new Uint8Array(0)).slice(14, 42)), {
        protocol: ICMP,
        source: ROUTER,
        destination: VM,
      }),
    );
    const { tracker } = trackPackets([...flood(2000, 1, 0), packet(1, quote), ...flood(3000, 1, 5)], { maxFlows: 1 });
    expect([tracker.packets.flow(0), tracker.packets.flow(1), tracker.packets.flow(2)]).toEqual([-1, -1, 0]);
    expect(tracker.icmpErrors.flow(0)).toBe(-1);
    expect(tracker.flows.released).toBe(1);
  });

  test("of a live session gives up connections that ended", () => {
    const ended = segmentPackets(`
      0 vm syn seq 100 port 999
      1 platform syn ack 101 seq 500 port 999
      2 vm fin seq 101 ack 501 port 999
      3 platform fin seq 501 ack 102 port 999`);
    const later = segmentPackets(`
      9000 vm syn seq 100 port 1000
      9001 platform syn ack 101 seq 500 port 1000`);
    const { tracker } = trackPackets([...ended, ...later], { maxFlows: 1, live: true });
    expect(tracker.flows.int(0, FlowField.vmPort)).toBe(1000);
  });
});
