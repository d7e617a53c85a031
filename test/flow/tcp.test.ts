import { describe, expect, test } from "vitest";
import { connState } from "../../src/flow/conn-state.ts";
import { FlowField } from "../../src/flow/flow-table.ts";
import { firstFin, tcpEnding, tcpOutcome } from "../../src/flow/handshake.ts";
import { SideField, TcpField } from "../../src/flow/tcp-table.ts";
import { trackSegments } from "../support/segments.ts";

const MS = 1e6;

/** What is told of the connection of one flow, in the terms of the report. */
function connection(script: string, flow = 0): Connection {
  const { tracker } = trackSegments(script);
  const { flows, tcp } = tracker;
  const row = flows.int(flow, FlowField.tcp);
  const seen = tcp.table.int(row, TcpField.seen);
  const isOneWay = flows.int(flow, FlowField.packetsTo) === 0 || flows.int(flow, FlowField.packetsFrom) === 0;
  const both = <Value>(of: (toPlatform: boolean) => Value): [Value, Value] => [of(true), of(false)];
  const side = (field: number): [number, number] => both((to) => tcp.table.sideInt(row, to, field));
  const payload: [number, number] = [
    flows.double(flow, FlowField.payloadTo),
    flows.double(flow, FlowField.payloadFrom),
  ];
  return {
    flows: flows.rows,
    initiator: ["unknown", "vm", "platform"][flows.int(flow, FlowField.initiator)],
    outcome: tcpOutcome(seen),
    ending: tcpEnding(seen, isOneWay),
    state: connState(tcp.table.int(row, TcpField.endpoints), payload[0] + payload[1] > 0),
    firstFin: firstFin(seen),
    handshakeMs: tcp.table.double(row, TcpField.handshakeNs) / MS,
    synRetransmissions: tcp.table.int(row, TcpField.synRetransmissions),
    synAcks: tcp.table.int(row, TcpField.synAcks),
    payload,
    dataSegments: side(SideField.dataSegments),
    retransmissions: side(SideField.retransmissions),
    outOfOrder: side(SideField.outOfOrder),
    duplicateAcks: side(SideField.duplicateAcks),
    zeroWindows: side(SideField.zeroWindows),
    lostBytes: both((to) => tcp.table.sideDouble(row, to, SideField.lostBytes)),
    maxSegmentSize: side(SideField.maxSegmentSize),
    windowScale: side(SideField.windowScale),
    largestAcknowledged: side(SideField.largestAcknowledged),
    smallestRetransmitted: side(SideField.smallestRetransmitted),
    unacknowledged: both((to) => tcp.unacknowledgedBytes(row, to)),
    unacknowledgedSinceMs: both((to) => msOf(tcp.unacknowledgedSinceNs(row, to))),
    unacknowledgedRetransmissions: both((to) => tcp.unacknowledgedRetransmissions(row, to)),
    longestZeroWindowMs: both((to) => msOf(tcp.longestZeroWindowNs(row, to, flows.double(flow, FlowField.endedNs)))),
    roundTripMs: roundTripOf(tcp.roundTrip(row)),
  };
}

type Connection = Record<string, unknown>;

function msOf(ns: number | null): number | null {
  return ns === null ? null : ns / MS;
}

function roundTripOf(roundTrip: { minNs: number; medianNs: number; maxNs: number } | null): number[] | null {
  return roundTrip === null ? null : [roundTrip.minNs / MS, roundTrip.medianNs / MS, roundTrip.maxNs / MS];
}

const HANDSHAKE = `
  0 vm syn seq 100 mss 1460 scale 7
  1 platform syn ack 101 seq 500 mss 1440 scale 8
  1.5 vm seq 101 ack 501
`;

describe("how a connection opened", () => {
  test("SYN, SYN-ACK, ACK: established, from the first SYN to the ACK", () => {
    expect(connection(HANDSHAKE)).toMatchObject({
      initiator: "vm",
      outcome: "established",
      ending: "open",
      state: "S1",
      handshakeMs: 1.5,
      synAcks: 1,
      maxSegmentSize: [1460, 1440],
      windowScale: [7, 8],
    });
  });

  test("a SYN that is sent again is the same connection", () => {
    const script = `0 vm syn seq 100
      1000 vm syn seq 100
      1001 platform syn ack 101 seq 500
      1002 vm seq 101 ack 501`;
    expect(connection(script)).toMatchObject({
      flows: 1,
      handshakeMs: 1002,
      synRetransmissions: 1,
      retransmissions: [1, 0],
    });
  });

  test("nothing answers: unanswered", () => {
    const script = `0 vm syn seq 100
      1000 vm syn seq 100
      3000 vm syn seq 100`;
    expect(connection(script)).toMatchObject({
      outcome: "unanswered",
      ending: null,
      state: "S0",
      synRetransmissions: 2,
      handshakeMs: -1 / MS,
      roundTripMs: null,
    });
  });

  test("a RST answers: refused, and its acknowledgment of the SYN is a round trip", () => {
    const script = `0 vm syn seq 100
      0.25 platform rst ack 101 seq 0`;
    expect(connection(script)).toMatchObject({
      outcome: "refused",
      ending: null,
      state: "REJ",
      roundTripMs: [0.25, 0.25, 0.25],
    });
  });

  test("the platform asks, the VM refuses: the platform is the initiator", () => {
    const script = `0 platform syn seq 100
      0.25 vm rst ack 101 seq 0`;
    expect(connection(script)).toMatchObject({ initiator: "platform", outcome: "refused" });
  });

  test("SYN-ACK and never an ACK: half-open, each SYN-ACK counted", () => {
    const script = `0 vm syn seq 100
      1 platform syn ack 101 seq 500
      1000 vm syn seq 100
      1001 platform syn ack 101 seq 500`;
    expect(connection(script)).toMatchObject({ outcome: "half-open", ending: null, synAcks: 2, synRetransmissions: 1 });
  });

  test("no SYN: from the middle, and nobody knows who began", () => {
    const script = `0 vm psh seq 101 ack 501 data 20
      1 platform psh seq 501 ack 121 data 30`;
    expect(connection(script)).toMatchObject({
      initiator: "unknown",
      outcome: "mid-stream",
      ending: "open",
      state: "OTH",
      handshakeMs: -1 / MS,
    });
  });

  test("a SYN-ACK without its SYN: from the middle, but the roles are known", () => {
    const script = `1 platform syn ack 101 seq 500
      1.5 vm seq 101 ack 501`;
    expect(connection(script)).toMatchObject({ initiator: "vm", outcome: "mid-stream" });
  });

  test("one direction alone: the ACK shows that the handshake was complete", () => {
    const script = `0 vm syn seq 100
      1.5 vm seq 101 ack 501`;
    expect(connection(script)).toMatchObject({ outcome: "established", handshakeMs: 1.5 });
  });

  test("a SYN with another sequence number is another connection", () => {
    const script = `${HANDSHAKE}
      2 platform rst seq 501
      3 vm syn seq 9000
      4 platform rst ack 9001 seq 0`;
    expect([connection(script, 0), connection(script, 1)]).toMatchObject([
      { flows: 2, outcome: "established", ending: "reset-by-platform" },
      { outcome: "refused" },
    ]);
  });
});

describe("how a connection ended", () => {
  test("FIN from both sides", () => {
    const script = `${HANDSHAKE}
      5 platform fin seq 501 ack 101
      6 vm fin seq 101 ack 502
      7 platform seq 502 ack 102`;
    expect(connection(script)).toMatchObject({ ending: "fin", state: "SF", firstFin: "platform", lostBytes: [0, 0] });
  });

  test("a FIN from one side is not the end", () => {
    const script = `${HANDSHAKE}
      5 vm fin seq 101 ack 501
      6 platform seq 501 ack 102`;
    expect(connection(script)).toMatchObject({ ending: "open", state: "S2", firstFin: "vm" });
  });

  test("but it is where only that side was captured", () => {
    const script = `0 vm syn seq 100
      1.5 vm seq 101 ack 501
      5 vm fin seq 101 ack 501`;
    expect(connection(script)).toMatchObject({ ending: "fin" });
  });

  test("a RST by either side", () => {
    expect(connection(`${HANDSHAKE} \n 5 vm rst seq 101`)).toMatchObject({ ending: "reset-by-vm", state: "RSTO" });
    expect(connection(`${HANDSHAKE} \n 5 platform rst seq 501`)).toMatchObject({ ending: "reset-by-platform" });
  });

  test("the first RST counts", () => {
    const script = `${HANDSHAKE}
      5 vm rst seq 101
      6 platform rst seq 501`;
    expect(connection(script)).toMatchObject({ ending: "reset-by-vm" });
  });

  test("a RST after both FINs ends nothing", () => {
    const script = `${HANDSHAKE}
      5 vm fin seq 101 ack 501
      6 platform fin seq 501 ack 102
      7 vm rst seq 102`;
    expect(connection(script)).toMatchObject({ ending: "fin", state: "SF" });
  });
});

describe("what was sent", () => {
  test("payload is counted once however often it is sent", () => {
    const script = `${HANDSHAKE}
      10 vm psh seq 101 ack 501 data 100
      300 vm psh seq 101 ack 501 data 100
      301 platform seq 501 ack 201`;
    expect(connection(script)).toMatchObject({
      payload: [100, 0],
      dataSegments: [2, 0],
      retransmissions: [1, 0],
      smallestRetransmitted: [100, 0],
      largestAcknowledged: [0, 0],
      unacknowledged: [0, 0],
    });
  });

  test("of a longer segment sent again only the rest is new", () => {
    const script = `${HANDSHAKE}
      10 vm psh seq 101 ack 501 data 100
      300 vm psh seq 101 ack 501 data 150`;
    expect(connection(script)).toMatchObject({ payload: [150, 0] });
  });

  test("a segment that fills a hole is new", () => {
    const script = `${HANDSHAKE}
      10 platform seq 501 ack 101 data 100
      10.1 platform seq 701 ack 101 data 100
      10.2 platform seq 601 ack 101 data 100
      11 vm seq 101 ack 801`;
    expect(connection(script)).toMatchObject({
      payload: [0, 300],
      outOfOrder: [0, 1],
      lostBytes: [0, 0],
      largestAcknowledged: [0, 100],
    });
  });

  test("what is acknowledged and was never seen is lost to the capture", () => {
    const script = `${HANDSHAKE}
      10 platform seq 501 ack 101 data 100
      10.1 platform seq 701 ack 101 data 100
      11 vm seq 101 ack 901`;
    expect(connection(script)).toMatchObject({ payload: [0, 200], lostBytes: [0, 200] });
  });

  test("a keep-alive's byte is not payload", () => {
    const script = `${HANDSHAKE}
      10 platform seq 501 ack 101 data 100
      11 vm seq 101 ack 601
      9000 platform seq 600 ack 101 data 1
      9001 vm seq 101 ack 601`;
    expect(connection(script)).toMatchObject({ payload: [0, 100], retransmissions: [0, 0], duplicateAcks: [0, 0] });
  });

  test("sequence numbers wrap", () => {
    const script = `0 vm syn seq 4294967290
      1 platform syn seq 500 ack 4294967291
      1.5 vm seq 4294967291 ack 501
      2 vm seq 4294967291 ack 501 data 100
      3 platform seq 501 ack 95
      4 vm seq 95 ack 501 data 10
      5 platform seq 501 ack 105`;
    expect(connection(script)).toMatchObject({
      payload: [110, 0],
      lostBytes: [0, 0],
      retransmissions: [0, 0],
      unacknowledged: [0, 0],
    });
  });

  test("data in the SYN counts", () => {
    const script = `0 vm syn seq 100 data 20
      1 platform syn seq 500 ack 121`;
    expect(connection(script)).toMatchObject({ payload: [20, 0], lostBytes: [0, 0], unacknowledged: [0, 0] });
  });
});

describe("what was never acknowledged", () => {
  const script = `${HANDSHAKE}
    10 vm psh seq 101 ack 501 data 1400
    10.1 vm psh seq 1501 ack 501 data 600
    210 vm psh seq 101 ack 501 data 1400
    610 vm psh seq 101 ack 501 data 1400`;

  test("is told with its size, when it was first sent, and how often again", () => {
    expect(connection(script)).toMatchObject({
      unacknowledged: [2000, 0],
      unacknowledgedSinceMs: [10, null],
      unacknowledgedRetransmissions: [2, 0],
    });
  });

  test("is what comes after a partial acknowledgment", () => {
    expect(connection(`${script} \n 620 platform seq 501 ack 1501`)).toMatchObject({
      unacknowledged: [600, 0],
      unacknowledgedSinceMs: [10.1, null],
      unacknowledgedRetransmissions: [0, 0],
    });
  });

  test("a FIN alone is no data", () => {
    expect(connection(`${HANDSHAKE} \n 5 vm fin seq 101 ack 501`)).toMatchObject({
      unacknowledged: [0, 0],
      unacknowledgedSinceMs: [null, null],
    });
  });
});

describe("round trips", () => {
  test("SYN to SYN-ACK, SYN-ACK to ACK, data to ACK; FIN gives none", () => {
    const script = `${HANDSHAKE}
      10 vm psh seq 101 ack 501 data 100
      12 platform seq 501 ack 201
      20 vm fin seq 201 ack 501
      29 platform seq 501 ack 202`;
    expect(connection(script)).toMatchObject({ roundTripMs: [0.5, 1, 2] });
  });

  test("one acknowledgment of several segments tells the time of the last", () => {
    const script = `${HANDSHAKE}
      10 vm seq 101 ack 501 data 100
      15 vm psh seq 201 ack 501 data 100
      18 platform seq 501 ack 301`;
    expect(connection(script)).toMatchObject({ roundTripMs: [0.5, 1, 3] });
  });

  test("a segment that was sent twice gives none, nor do those that waited behind it (Karn)", () => {
    const script = `${HANDSHAKE}
      10 vm seq 101 ack 501 data 100
      11 vm psh seq 201 ack 501 data 100
      310 vm seq 101 ack 501 data 100
      312 platform seq 501 ack 301`;
    expect(connection(script)).toMatchObject({ roundTripMs: [0.5, 0.75, 1] });
  });
});

describe("closed windows", () => {
  test("a window is closed from its zero to the next segment with room", () => {
    const script = `${HANDSHAKE}
      10 platform seq 501 ack 101 data 100
      11 vm seq 101 ack 601 win 0
      1500 platform seq 600 ack 101
      1501 vm seq 101 ack 601 win 0
      2511 vm seq 101 ack 601 win 500
      2600 vm seq 101 ack 601 win 0
      2610 vm seq 101 ack 601 win 500`;
    expect(connection(script)).toMatchObject({ zeroWindows: [3, 0], longestZeroWindowMs: [2500, null] });
  });

  test("and until the end when it never opens", () => {
    const script = `${HANDSHAKE}
      10 vm seq 101 ack 501 win 0
      3010 platform seq 501 ack 101 data 1`;
    expect(connection(script)).toMatchObject({ longestZeroWindowMs: [3000, null] });
  });
});

test("what a direction has outstanding stays bounded, and its bytes exact", () => {
  const lines = [HANDSHAKE];
  for (let segment = 0; segment < 1000; segment++)
    lines.push(`${10 + segment} vm seq ${101 + segment * 10} ack 501 data 10`);
  lines.push("2000 platform seq 501 ack 10101");
  expect(connection(lines.join("\n"))).toMatchObject({
    payload: [10_000, 0],
    lostBytes: [0, 0],
    unacknowledged: [0, 0],
  });
});
