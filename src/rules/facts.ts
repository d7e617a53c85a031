/**
 * What rules see: flows, transactions, probes, NICs and properties of the capture, without a byte of a packet. Everything
 * is readable as plain data, so that a test can write it by hand; the analysis gives views over its tables.
 *
 * Instants end in `Ns` and are nanoseconds from the analysis' time base; durations end in `Ms`. Null is "the capture does not tell".
 */
import type { ProbeOutcome, ServiceName, TcpEnding, TcpOutcome } from "../report/report.ts";
import type { Rows } from "../report/rows.ts";

/** A number for each direction, as in the report. */
export interface PerDirection {
  readonly toPlatform: number;
  readonly fromPlatform: number;
}

/** The facts of one analysis, finished or still running. */
export interface Facts {
  readonly capture: CaptureFacts;
  readonly platform: PlatformFacts;
  readonly flows: Rows<FlowFact>;
  /** Flows with anything out of the ordinary: not a clean opening and ending, loss, ICMP errors, an odd NIC, address or port. In order. */
  readonly notableFlows: Rows<FlowFact>;
  readonly dns: Rows<DnsFact>;
  /** DNS transactions other than one quick NOERROR answer, of addresses, to one query for them. In order. */
  readonly notableDns: Rows<DnsFact>;
  /** Answers that match no query by port, id and question, and second answers that differ from the first. */
  readonly dnsMismatches: readonly DnsMismatchFact[];
  readonly dhcp: readonly DhcpFact[];
  readonly http: Rows<HttpFact>;
  /** HTTP exchanges other than a quick 2xx or 304 answer to a request; and those with secrets or a health report. In order. */
  readonly notableHttp: Rows<HttpFact>;
  readonly probes: readonly ProbeSeriesFact[];
  readonly icmpErrors: readonly IcmpErrorFact[];
  /** Pairs of flows that are one connection before and after address translation on the VM. */
  readonly translatedFlows: readonly TranslationFact[];
  /** The packets of a flow in order of capture, duplicates left out. Empty when they are no longer held. */
  packetsOf(flow: number): Iterable<PacketFact>;
  /** The packet with this index in the analysis' packet table. */
  packet(index: number): PacketFact;
}

/** One platform packet, as far as evidence needs it. */
export interface PacketFact {
  /** Index in the analysis' packet table. */
  readonly index: number;
  readonly source: number;
  readonly frame: number;
  /** Id of its flow; null without one. */
  readonly flow: number | null;
  readonly atNs: number;
  readonly toPlatform: boolean;
  /** Index into `PlatformFacts.nics`; null when unknown. */
  readonly nic: number | null;
  /** TCP flags as in the header (FIN 1, SYN 2, RST 4, PSH 8, ACK 16, ...); 0 for others. */
  readonly tcpFlags: number;
  /** TCP or UDP payload bytes as stated on the wire. */
  readonly payloadBytes: number;
  /** Bits of `PacketMark`. */
  readonly marks: number;
}

/** One flow: the report's Flow before it is text, with what rules need beside. */
export interface FlowFact {
  readonly id: number;
  readonly service: ServiceName;
  readonly protocol: "tcp" | "udp" | "icmp";
  readonly initiator: "vm" | "platform" | null;
  readonly vmAddress: string;
  readonly vmPort: number | null;
  readonly vmMac: string | null;
  readonly platformAddress: string;
  readonly platformPort: number | null;
  readonly platformMac: string | null;
  readonly startedNs: number;
  readonly endedNs: number;
  readonly packets: PerDirection;
  readonly payloadBytes: PerDirection;
  readonly duplicatePackets: number;
  /** NIC that packets to the platform left by, and the one that its packets came in by: indexes into `nics`; null when unknown or none. */
  readonly nicTo: number | null;
  readonly nicFrom: number | null;
  readonly tcp: TcpFact | null;
  /** Captured packets of this flow that were cut short. */
  readonly truncatedPackets: number;
}

/** How a TCP connection went. */
export interface TcpFact {
  readonly outcome: TcpOutcome;
  readonly ending: TcpEnding | null;
  readonly handshakeMs: number | null;
  readonly synRetransmissions: number;
  /** SYN-ACKs beyond the first. */
  readonly synAckRetransmissions: number;
  /** SYN-ACKs seen in all. */
  readonly synAcks: number;
  readonly dataSegments: PerDirection;
  readonly retransmissions: PerDirection;
  readonly outOfOrder: PerDirection;
  readonly duplicateAcks: PerDirection;
  readonly zeroWindows: PerDirection;
  /** Longest time that a receiver's window stayed closed, by the side that sent the zero window; null when never closed. */
  readonly longestZeroWindowMs: { readonly toPlatform: number | null; readonly fromPlatform: number | null };
  readonly lostBytes: PerDirection;
  /** Data sent and never acknowledged by the end of the capture. */
  readonly unacknowledgedBytes: PerDirection;
  /** Retransmissions of data that was never acknowledged, and when its first copy was sent (null when none). */
  readonly unacknowledgedRetransmissions: PerDirection;
  readonly unacknowledgedSinceNs: { readonly toPlatform: number | null; readonly fromPlatform: number | null };
  /** Largest payload of a segment that was acknowledged without a retransmission, and smallest of one that had to be retransmitted; 0 when none. */
  readonly largestAcknowledgedBytes: PerDirection;
  readonly smallestRetransmittedBytes: PerDirection;
  readonly roundTripMedianMs: number | null;
  /** The side whose FIN came first. */
  readonly firstFin: "vm" | "platform" | null;
}

/** One ICMP error about a platform packet. */
export interface IcmpErrorFact {
  /** Index in the packet table. */
  readonly packet: number;
  /** The flow it quotes; null when that flow was not seen. */
  readonly flow: number | null;
  readonly atNs: number;
  /** Who sent it. */
  readonly from: string;
  readonly to: string;
  readonly version: 4 | 6;
  readonly type: number;
  readonly code: number;
  readonly nextHopMtu: number | null;
  /** Ports of the quoted packet as the flow names them. */
  readonly quotedProtocol: number;
  readonly quotedPlatformPort: number | null;
  readonly quotedVmPort: number | null;
}

/** One DNS question with its retries and answer. */
export interface DnsFact {
  readonly id: number;
  readonly flow: number;
  /** The message's identifier. */
  readonly messageId: number;
  readonly transport: "udp" | "tcp";
  readonly name: string;
  readonly type: string;
  readonly vmAddress: string;
  readonly vmPort: number;
  readonly askedNs: number;
  readonly responseMs: number | null;
  readonly outcome: "answered" | "unanswered" | "unsolicited";
  readonly rcode: string | null;
  readonly truncated: boolean;
  /** More than one answer came: none of the queries was lost. */
  readonly answeredAgain: boolean;
  readonly retries: number;
  /** Still inside a client's normal waiting time when the capture ended. */
  readonly pendingAtEnd: boolean;
  readonly answers: readonly { readonly name: string; readonly type: string; readonly data: string }[];
  /** Packet indexes: the queries, first try first, and the answer (null without). */
  readonly queryPackets: readonly number[];
  readonly answerPacket: number | null;
  /** The message was cut by the snap length, so that part of it is unknown. */
  readonly cutByCapture: boolean;
}

/** An answer that does not fit. */
export interface DnsMismatchFact {
  readonly packet: number;
  readonly flow: number;
  readonly reason: "no-query" | "other-question" | "other-id" | "different-second-answer";
  readonly name: string;
  /** The query or first answer that it conflicts with; null when there is none. */
  readonly relatedPacket: number | null;
}

/** One DHCP exchange. */
export interface DhcpFact {
  readonly id: number;
  readonly transactionId: number;
  readonly clientMac: string;
  readonly kind: "acquire" | "renew" | "rebind" | "release" | "inform" | "other";
  readonly outcome: "acknowledged" | "offered" | "refused" | "unanswered" | "declined" | "released";
  readonly messages: readonly DhcpMessageFact[];
  readonly nic: number | null;
  /** Still inside a client's normal waiting time when the capture ended. */
  readonly pendingAtEnd: boolean;
}

/** One DHCP message. */
export interface DhcpMessageFact {
  readonly packet: number;
  readonly atNs: number;
  /** "DISCOVER", "OFFER", ... as in the report. */
  readonly type: string;
  readonly fromClient: boolean;
  readonly sourceAddress: string;
  readonly sourceMac: string | null;
  /** Option 54. */
  readonly serverIdentifier: string | null;
  readonly offeredAddress: string | null;
  /** Option 245: the address; "malformed" when it is there and no host's four bytes; null when it is not there. */
  readonly platformAddress: string | null;
  /** Option 121 or 249 holds a route to a platform address. */
  readonly hasPlatformRoute: boolean;
  /** A request that holds no option but 53: the agent's own probe. */
  readonly bare: boolean;
  readonly cutByCapture: boolean;
}

/** One HTTP request with its response. */
export interface HttpFact {
  readonly id: number;
  readonly flow: number;
  readonly service: ServiceName;
  readonly method: string | null;
  /** Redacted. */
  readonly target: string | null;
  readonly host: string | null;
  readonly userAgent: string | null;
  readonly operation: string | null;
  readonly requestedNs: number | null;
  /** Last byte of the request; null when its end was not captured. */
  readonly requestEndedNs: number | null;
  readonly respondedNs: number | null;
  readonly status: number | null;
  readonly responseMs: number | null;
  readonly health: {
    readonly state: string;
    readonly substatus: string | null;
    readonly description: string | null;
  } | null;
  readonly incarnation: string | null;
  /** Error code or text that the response body names ("ResourceGone", "InvalidContainerConfiguration"), bounded; null when none. */
  readonly errorCode: string | null;
  /** Kinds of secrets that stand in clear text: "sas-signature", "authentication-token", "key-header", "certificate", "status-content", "goal-state-settings". */
  readonly secrets: readonly string[];
  /** "request-cut" and so on: what the capture hid. False when the whole exchange was captured. */
  readonly cutByCapture: boolean;
  /** The response was captured to its end. */
  readonly completed: boolean;
  /** Absolute-form target or CONNECT: a proxy is asked. */
  readonly proxyForm: boolean;
  /** First packet of the request and of the response; null when not captured. */
  readonly requestPacket: number | null;
  readonly responsePacket: number | null;
}

/** The probes of one VM endpoint. */
export interface ProbeSeriesFact {
  readonly vmAddress: string;
  readonly vmPort: number;
  readonly platformAddress: string;
  readonly kind: "tcp" | "http" | "https";
  readonly path: string | null;
  readonly intervalMs: number | null;
  readonly probes: readonly ProbeFact[];
}

/** One probe. */
export interface ProbeFact {
  readonly flow: number;
  readonly startedNs: number;
  /** Null while it is still open and inside its interval when the capture ends, and when packets were cut before they tell. */
  readonly outcome: ProbeOutcome | null;
  /** HTTP status; null without an HTTP answer. */
  readonly status: number | null;
  /** An HTTP request was sent and not answered. */
  readonly requestUnanswered: boolean;
  /** Packet indexes that show the outcome, in order. */
  readonly packets: readonly number[];
}

/** Two flows that are one: the VM forwarded it under another address. */
export interface TranslationFact {
  /** With the inner (container's) address. */
  readonly original: number;
  readonly translated: number;
}

/** A NIC of the VM as the capture shows it. */
export interface NicFact {
  readonly index: number;
  readonly interface: string | null;
  readonly mac: string | null;
  /** First the primary address, if one is known to be. */
  readonly addresses: readonly string[];
  /** The address that its lease or the host names as the NIC's own; null when unknown. */
  readonly primaryAddress: string | null;
  readonly primary: boolean | null;
  /**
   * A bridge or veth on which the VM takes in what its containers send: packets to the platform come in by it (Linux cooked
   * type 0), or its name says so (docker0, br-..., veth..., cni..., azv...). Such an interface is no NIC of the VM.
   */
  readonly inner: boolean;
  /** How traffic to the platform is routed by its DHCP lease; null without a lease. */
  readonly leaseHasPlatformRoute: boolean | null;
  readonly platformPackets: number;
}

/** Addresses, NICs, and what the platform's packets look like at the link and network layer. */
export interface PlatformFacts {
  readonly addresses: readonly string[];
  readonly nics: readonly NicFact[];
  /** Index into `nics`; null when unknown. */
  readonly primaryNic: number | null;
  readonly primaryNicOrigin: "option" | "host" | "dhcp" | "inferred" | null;
  /** Source MACs of packets from the platform, by first appearance. */
  readonly sourceMacs: readonly {
    readonly mac: string;
    readonly nic: number | null;
    readonly packets: number;
    readonly evidence: readonly number[];
    readonly flows: readonly number[];
  }[];
  /** TTLs of packets from the platform, by service, IP version and first appearance. */
  readonly timeToLives: readonly {
    readonly service: ServiceName;
    readonly ipVersion: 4 | 6;
    readonly ttl: number;
    readonly packets: number;
    readonly evidence: readonly number[];
    readonly flows: readonly number[];
  }[];
  /** DHCP servers by identifier and MAC. */
  readonly gatewayMacs: readonly string[];
}

/** Properties of the capture that limit what may be claimed. */
export interface CaptureFacts {
  readonly startedNs: number | null;
  readonly endedNs: number | null;
  readonly durationMs: number | null;
  readonly platformPackets: number;
  readonly packets: number;
  readonly truncatedPackets: number;
  readonly duplicatePackets: number;
  /** Dropped by the capture, as the files say; null when none says. */
  readonly droppedPackets: number | null;
  /**
   * Flows that show one direction alone although its packets prove the other: TCP with an ACK or SYN-ACK, a DNS answer or DHCP
   * reply; by the direction that is there. A SYN or query without an answer proves nothing and counts nowhere.
   */
  readonly oneWayFlows: PerDirection;
  readonly twoWayFlows: number;
  /** False when nothing of the platform was captured, and few questions were asked again as clients without an answer do. */
  readonly dnsSilenceTells: boolean;
  /** Everything read was platform traffic, so that the capture was made (or cut) by a filter; what the filter left out cannot be told. */
  readonly filtered: boolean;
  readonly live: boolean;
  readonly clockJumps: readonly {
    readonly source: number;
    readonly frame: number;
    readonly fromNs: number;
    readonly toNs: number;
  }[];
  /** Example packets (indexes): cut short; duplicates. A few of each. */
  readonly truncatedExamples: readonly number[];
  readonly duplicateExamples: readonly number[];
  /** Acknowledged and never captured: flow and packet indexes. */
  readonly lostSegmentPackets: readonly { readonly flow: number; readonly packet: number }[];
}
