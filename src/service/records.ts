/**
 * What the services tell: their transactions as plain rows. The stores give views over their tables; fields are read when asked for, so
 * text is made late. Instants end in `Ns` (nanoseconds from the time base), packets are indexes in the packet table, flows are flow ids.
 * Each row has all that the rules' fact of the same kind has, and what the report needs beside.
 */
import type { HealthReport, ProbeOutcome, ServiceName, ServiceVerdict } from "../report/report.ts";
import type { SignOfLife } from "../report/signs-of-life.ts";

/** Rows that can be walked and picked. Rows may be made anew at each access: compare by `id`. */
export interface Records<Row> extends Iterable<Row> {
  readonly length: number;
  at(index: number): Row | undefined;
}

/** One record of a DNS answer section. */
export interface DnsAnswerRecord {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly data: string;
}

/** One DNS question with its retries and answer. */
export interface DnsRecord {
  /** Position in the store. */
  readonly id: number;
  readonly flow: number;
  readonly messageId: number;
  readonly transport: "udp" | "tcp";
  readonly name: string;
  readonly type: string;
  readonly class: string;
  readonly vmAddress: string;
  readonly vmPort: number;
  /** First query; of an unsolicited answer, the answer. */
  readonly askedNs: number;
  readonly answeredNs: number | null;
  readonly responseMs: number | null;
  readonly outcome: "answered" | "unanswered" | "unsolicited";
  readonly rcode: string | null;
  readonly truncated: boolean;
  /** More than one answer came. */
  readonly answeredAgain: boolean;
  readonly retries: number;
  /** Still inside a client's normal waiting time when the capture ended. */
  readonly pendingAtEnd: boolean;
  readonly answers: readonly DnsAnswerRecord[];
  readonly queryPackets: readonly number[];
  readonly answerPacket: number | null;
  /** Id of the TCP transaction that asked again after this truncated answer; null when there is none. */
  readonly tcpFallback: number | null;
  readonly cutByCapture: boolean;
}

/** An answer that does not fit. */
export interface DnsMismatchRecord {
  readonly packet: number;
  readonly flow: number;
  readonly reason: "no-query" | "other-question" | "other-id" | "different-second-answer";
  readonly name: string;
  readonly relatedPacket: number | null;
}

/** One message of a DHCP exchange. */
export interface DhcpMessageRecord {
  readonly packet: number;
  readonly atNs: number;
  readonly type: string;
  readonly fromClient: boolean;
  readonly sourceAddress: string;
  readonly destinationAddress: string;
  readonly sourceMac: string | null;
  readonly serverIdentifier: string | null;
  readonly offeredAddress: string | null;
  /** Option 245: the address; "malformed" when it is not four bytes; null when it is not there. */
  readonly platformAddress: string | null;
  readonly hasPlatformRoute: boolean;
  readonly bare: boolean;
  readonly cutByCapture: boolean;
}

/** One DHCP conversation: a transaction of one client. */
export interface DhcpRecord {
  readonly id: number;
  readonly flow: number;
  readonly transactionId: number;
  readonly clientMac: string;
  readonly kind: "acquire" | "renew" | "rebind" | "release" | "inform" | "other";
  readonly outcome: "acknowledged" | "offered" | "refused" | "unanswered" | "declined" | "released";
  readonly messages: readonly DhcpMessageRecord[];
  readonly pendingAtEnd: boolean;
  readonly offeredAddress: string | null;
  readonly serverIdentifier: string | null;
  readonly leaseSeconds: number | null;
  readonly platformAddress: string | null;
  readonly routers: readonly string[];
  readonly dnsServers: readonly string[];
  readonly hostName: string | null;
  readonly durationMs: number | null;
}

/** What the last acknowledged lease (or offer) of a client says. */
export interface LeaseRecord {
  readonly clientMac: string;
  readonly address: string | null;
  readonly hasPlatformRoute: boolean;
  readonly packet: number;
}

/** One HTTP request with its response; either may be missing. */
export interface HttpRecord {
  readonly id: number;
  readonly flow: number;
  readonly service: ServiceName;
  readonly method: string | null;
  /** Redacted. */
  readonly target: string | null;
  readonly host: string | null;
  readonly userAgent: string | null;
  /** The x-ms agent header when there is one, else the product of the User-Agent; null without. */
  readonly agent: string | null;
  readonly operation: string | null;
  readonly requestedNs: number | null;
  readonly requestEndedNs: number | null;
  readonly respondedNs: number | null;
  readonly responseEndedNs: number | null;
  readonly status: number | null;
  readonly responseMs: number | null;
  readonly requestBytes: number | null;
  readonly responseBytes: number | null;
  readonly health: HealthReport | null;
  readonly incarnation: string | null;
  readonly errorCode: string | null;
  readonly secrets: readonly string[];
  readonly cutByCapture: boolean;
  /** Its answer may have been among bytes that were not captured. */
  readonly answerLost: boolean;
  /** The response was captured to its end. */
  readonly completed: boolean;
  readonly proxyForm: boolean;
  /** First and last packet of the request and of the response; null when not captured. */
  readonly requestPacket: number | null;
  readonly requestLastPacket: number | null;
  readonly responsePacket: number | null;
  readonly responseLastPacket: number | null;
}

/** One probe: a connection, or one request of a connection that stays open. */
export interface ProbeRecord {
  /** -1 when the flow has left the table, in a live session. */
  readonly flow: number;
  readonly startedNs: number;
  /** Null while it is still open and inside its interval when the capture ends. */
  readonly outcome: ProbeOutcome | null;
  readonly status: number | null;
  readonly requestUnanswered: boolean;
  readonly packets: readonly number[];
}

/** The probes of one VM endpoint. */
export interface ProbeSeriesRecord {
  readonly vmAddress: string;
  readonly vmPort: number;
  readonly platformAddress: string;
  readonly kind: "tcp" | "http" | "https";
  readonly path: string | null;
  readonly intervalMs: number | null;
  readonly probes: readonly ProbeRecord[];
  readonly succeeded: number;
  readonly failed: number;
  /** Null when no probe has come to an end. */
  readonly lastOutcome: ProbeOutcome | null;
  readonly transitions: readonly { readonly atNs: number; readonly to: "up" | "down" }[];
  readonly flows: readonly number[];
}

/** A regular activity of the VM agent. */
export interface CadenceRecord {
  readonly activity: SignOfLife;
  readonly requests: number;
  readonly succeeded: number;
  /** Median distance of requests; null with fewer than two. */
  readonly intervalMs: number | null;
  readonly firstNs: number;
  readonly lastNs: number;
}

/** The agent's signs of life. */
export interface HeartbeatRecord {
  readonly cadences: readonly CadenceRecord[];
  /** The last health report that the agent posted; null when it posted none, which is normal after provisioning. */
  readonly lastReport: (HealthReport & { readonly atNs: number }) | null;
  readonly flows: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly responseMs: ResponseTimes | null;
}

/** Middle, 95th percentile and largest of response times. */
export interface ResponseTimes {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** A service's answer, but for the anomalies' indexes. */
export interface ServiceRecord {
  readonly service: ServiceName;
  readonly verdict: ServiceVerdict;
  readonly summary: string;
  readonly flows: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly responseMs: ResponseTimes | null;
}
