/** Facts written by hand, for tests of rules: each builder gives a healthy default and takes what differs. */
import type {
  CaptureFacts,
  DhcpFact,
  DhcpMessageFact,
  DnsFact,
  Facts,
  FlowFact,
  HttpFact,
  NicFact,
  PacketFact,
  ProbeFact,
  ProbeSeriesFact,
  TcpFact,
} from "../../src/rules/facts.ts";

export const VM = "10.0.0.4";
export const PLATFORM = "168.63.129.16";
const SECOND_NS = 1e9;

/** Seconds to nanoseconds. */
export function seconds(value: number): number {
  return value * SECOND_NS;
}

/** A packet; `index`, and the frame number after it, tell packets apart. */
export function packetFact(index: number, over: Partial<PacketFact> = {}): PacketFact {
  return {
    index,
    source: 0,
    frame: index + 1,
    flow: null,
    atNs: seconds(index),
    toPlatform: true,
    nic: 0,
    tcpFlags: 0,
    payloadBytes: 0,
    marks: 0,
    ...over,
  };
}

export function tcpFact(over: Partial<TcpFact> = {}): TcpFact {
  const none = { toPlatform: 0, fromPlatform: 0 };
  return {
    outcome: "established",
    ending: "fin",
    handshakeMs: 0.8,
    synRetransmissions: 0,
    synAckRetransmissions: 0,
    synAcks: 1,
    dataSegments: { toPlatform: 1, fromPlatform: 2 },
    retransmissions: none,
    outOfOrder: none,
    duplicateAcks: none,
    zeroWindows: none,
    longestZeroWindowMs: { toPlatform: null, fromPlatform: null },
    lostBytes: none,
    unacknowledgedBytes: none,
    unacknowledgedRetransmissions: none,
    unacknowledgedSinceNs: { toPlatform: null, fromPlatform: null },
    largestAcknowledgedBytes: { toPlatform: 200, fromPlatform: 1440 },
    smallestRetransmittedBytes: none,
    roundTripMedianMs: 0.8,
    firstFin: "vm",
    ...over,
  };
}

export function flowFact(id: number, over: Partial<FlowFact> = {}): FlowFact {
  return {
    id,
    service: "wireserver",
    protocol: "tcp",
    initiator: "vm",
    vmAddress: VM,
    vmPort: 50_000 + id,
    vmMac: "00:0d:3a:00:00:04",
    platformAddress: PLATFORM,
    platformPort: 80,
    platformMac: "12:34:56:78:9a:bc",
    startedNs: 0,
    endedNs: seconds(1),
    packets: { toPlatform: 5, fromPlatform: 4 },
    payloadBytes: { toPlatform: 200, fromPlatform: 2400 },
    duplicatePackets: 0,
    nicTo: 0,
    nicFrom: 0,
    tcp: tcpFact(),
    truncatedPackets: 0,
    ...over,
  };
}

export function dnsFact(id: number, over: Partial<DnsFact> = {}): DnsFact {
  return {
    id,
    flow: id,
    messageId: 1000 + id,
    transport: "udp",
    name: "example.com",
    type: "A",
    vmAddress: VM,
    vmPort: 40_000 + id,
    askedNs: seconds(id),
    responseMs: 2,
    outcome: "answered",
    rcode: "NOERROR",
    truncated: false,
    answeredAgain: false,
    retries: 0,
    pendingAtEnd: false,
    answers: [{ name: "example.com", type: "A", data: "192.0.2.1" }],
    queryPackets: [2 * id],
    answerPacket: 2 * id + 1,
    cutByCapture: false,
    ...over,
  };
}

export function dhcpMessageFact(packet: number, over: Partial<DhcpMessageFact> = {}): DhcpMessageFact {
  return {
    packet,
    atNs: seconds(packet),
    type: "DISCOVER",
    fromClient: true,
    sourceAddress: "0.0.0.0",
    sourceMac: "00:0d:3a:00:00:04",
    serverIdentifier: null,
    offeredAddress: null,
    platformAddress: null,
    hasPlatformRoute: false,
    bare: false,
    cutByCapture: false,
    ...over,
  };
}

export function dhcpFact(id: number, over: Partial<DhcpFact> = {}): DhcpFact {
  return {
    id,
    transactionId: 0x1234,
    clientMac: "00:0d:3a:00:00:04",
    kind: "acquire",
    outcome: "acknowledged",
    messages: [],
    nic: 0,
    pendingAtEnd: false,
    ...over,
  };
}

export function httpFact(id: number, over: Partial<HttpFact> = {}): HttpFact {
  return {
    id,
    flow: id,
    service: "wireserver",
    method: "GET",
    target: "/machine/?comp=goalstate",
    host: PLATFORM,
    userAgent: "WALinuxAgent/2.15",
    operation: "goal-state",
    requestedNs: seconds(6 * id),
    requestEndedNs: seconds(6 * id),
    respondedNs: seconds(6 * id + 0.002),
    status: 200,
    responseMs: 2,
    health: null,
    incarnation: "1",
    errorCode: null,
    secrets: [],
    cutByCapture: false,
    completed: true,
    proxyForm: false,
    requestPacket: 2 * id,
    responsePacket: 2 * id + 1,
    ...over,
  };
}

export function probeFact(flow: number, over: Partial<ProbeFact> = {}): ProbeFact {
  return {
    flow,
    startedNs: seconds(5 * flow),
    outcome: "succeeded",
    status: null,
    requestUnanswered: false,
    packets: [flow],
    ...over,
  };
}

export function probeSeriesFact(probes: ProbeFact[], over: Partial<ProbeSeriesFact> = {}): ProbeSeriesFact {
  return {
    vmAddress: VM,
    vmPort: 8080,
    platformAddress: PLATFORM,
    kind: "tcp",
    path: null,
    intervalMs: 5000,
    probes,
    ...over,
  };
}

export function nicFact(index: number, over: Partial<NicFact> = {}): NicFact {
  return {
    index,
    interface: `eth${index}`,
    mac: `00:0d:3a:00:00:0${4 + index}`,
    addresses: [`10.0.${index}.4`],
    primaryAddress: `10.0.${index}.4`,
    primary: index === 0,
    inner: false,
    leaseHasPlatformRoute: null,
    platformPackets: 10,
    ...over,
  };
}

export function captureFacts(over: Partial<CaptureFacts> = {}): CaptureFacts {
  return {
    startedNs: 0,
    endedNs: seconds(600),
    durationMs: 600_000,
    platformPackets: 100,
    packets: 1000,
    truncatedPackets: 0,
    duplicatePackets: 0,
    droppedPackets: null,
    oneWayFlows: { toPlatform: 0, fromPlatform: 0 },
    twoWayFlows: 10,
    dnsSilenceTells: true,
    filtered: false,
    live: false,
    clockJumps: [],
    truncatedExamples: [],
    duplicateExamples: [],
    lostSegmentPackets: [],
    ...over,
  };
}

/** What a test says of its facts: packets by flow, and whatever else differs from "nothing was seen". */
export interface FactsOver extends Partial<Omit<Facts, "packetsOf" | "packet">> {
  packets?: Readonly<Record<number, readonly PacketFact[]>>;
}

/** Facts of a quiet capture of ten minutes with one primary NIC, but for `over`. Notable rows default to all rows. */
export function factsOf(over: FactsOver = {}): Facts {
  const { packets = {}, ...rest } = over;
  const all = Object.values(packets).flat();
  const flows = over.flows ?? [];
  const dns = over.dns ?? [];
  const http = over.http ?? [];
  return {
    capture: captureFacts(),
    platform: {
      addresses: [PLATFORM],
      nics: [nicFact(0)],
      primaryNic: 0,
      primaryNicOrigin: "dhcp",
      sourceMacs: [],
      timeToLives: [],
      gatewayMacs: [],
    },
    flows,
    notableFlows: flows,
    dns,
    notableDns: dns,
    dnsMismatches: [],
    dhcp: [],
    http,
    notableHttp: http,
    probes: [],
    icmpErrors: [],
    translatedFlows: [],
    packetsOf: (flow) => packets[flow] ?? [],
    packet: (index) => all.find((packet) => packet.index === index) ?? packetFact(index),
    ...rest,
  };
}
