/**
 * The JSON report, contract version 1: the single source of its types, of the published JSON Schema, and of what outputs and
 * the terminal UI may see. Fields may be added; a field here keeps its name, type and meaning while `schemaVersion` is 1.
 *
 * Durations are milliseconds and end in `Ms`; sizes are bytes and end in `Bytes`; instants are RFC 3339 in UTC with the
 * capture's own precision and end in `At`. What the capture cannot tell is null. Arrays are in order of first packet.
 */

/** What a conversation with the platform is for. */
export type ServiceName =
  | "wireserver"
  | "hostga-plugin"
  | "dns"
  | "dhcp"
  | "health-probe"
  | "heartbeat"
  | "icmp"
  | "other";

/** State of a service at the end of the capture; `not-seen` also where nothing that was seen of it came to its end. */
export type ServiceVerdict = "healthy" | "degraded" | "failing" | "not-seen";

/** How much an anomaly matters: critical breaks a service, warning hurts it, notice is worth knowing. */
export type Severity = "critical" | "warning" | "notice";

/** Names a packet: index in `capture.sources`, and the 1-based number within that source that Wireshark shows too. */
export interface PacketRef {
  source: number;
  frame: number;
}

/** A number for each direction. */
export interface Counters {
  /** From the VM to the platform. */
  toPlatform: number;
  /** From the platform to the VM. */
  fromPlatform: number;
}

/** The whole report. */
export interface Report {
  schemaVersion: 1;
  tool: { name: "vipscope"; version: string };
  capture: CaptureSummary;
  platform: PlatformSummary;
  /** One entry for each service but "other" and "icmp", which are there when seen. */
  services: ServiceSummary[];
  flows: Flow[];
  dns: { transactions: DnsTransaction[] };
  dhcp: { exchanges: DhcpExchange[] };
  http: { exchanges: HttpExchange[] };
  /** The load balancer's health probes: one series for each probed VM endpoint. */
  probes: ProbeSeries[];
  /** Connectivity tests that somebody made by hand while the capture ran, as far as their packets tell. */
  manualTests: ManualTest[];
  /** What is wrong: most severe first, then by first packet. */
  anomalies: Anomaly[];
  limits: Limits;
  /** Which rules ran; null when every one did. What a rule looks for is not among the anomalies when it was left out. */
  ruleSelection: RuleSelection | null;
}

/** The choice of --only, --ignore or a configuration file, by rule ids in the order of the catalogue. */
export interface RuleSelection {
  ran: string[];
  leftOut: string[];
}

/** What bounded memory made the analysis give up; 0 when nothing. */
export interface Limits {
  /** Flows that were seen but not kept, because the flow table was full. */
  flowsDropped: number;
  /** Stream and fragment bytes that were not put together, because a buffer was full. */
  bytesNotReassembled: number;
  /** Platform packets whose headers could not be decoded. */
  packetsNotDecoded: number;
}

/** What was read. */
export interface CaptureSummary {
  sources: CaptureSource[];
  /** All records read, of every source. */
  packets: number;
  /** Records that the analysis used: to or from a platform address, DHCP, and ICMP errors that quote either. */
  platformPackets: number;
  /** Earliest and latest record; null when there is no record with a time. */
  startedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  /** What was wrong with the input; empty for a clean capture. */
  problems: CaptureProblem[];
}

/** One file, pipe or live interface. */
export interface CaptureSource {
  /** As the user gave it. "-" is standard input. */
  name: string;
  format: "pcap" | "pcapng";
  compression: "gzip" | "zstd" | null;
  /** "us", "ns", or a pcapng resolution such as "10^-7" or "2^-20". */
  timestampResolution: string;
  interfaces: CaptureInterface[];
  packets: number;
  /** Records captured shorter than they were on the wire. */
  truncatedPackets: number;
  /** Null for a file; for a live session, how it was captured. */
  live: LiveSource | null;
}

/** How a live source was captured, and where it has gaps. */
export interface LiveSource {
  backend: "cap" | "tcpdump" | "dumpcap";
  /** Who stamped the packets: the child on arrival, or the kernel. */
  clock: "arrival" | "kernel";
  gaps: LiveGap[];
}

/** A time without capture. */
export interface LiveGap {
  fromAt: string;
  /** Null when it never came back. */
  toAt: string | null;
  /** "interface-down", "interface-gone", "backend-died" or "backend-stalled". */
  reason: string;
}

/** An interface that a source names, or the one that a pcap file implies. */
export interface CaptureInterface {
  /** Interface number within the source, from 0. */
  index: number;
  /** From pcapng's if_name; null when the file does not tell. */
  name: string | null;
  /** tcpdump's name of the link type ("EN10MB", "LINUX_SLL2"), or its number as text when unknown. */
  linkType: string;
  /** Bytes of a packet that were kept at most; null when unlimited or not told. */
  snapLength: number | null;
  packets: number;
  /** From interface statistics; null when the file does not tell. */
  droppedPackets: number | null;
}

/** Something wrong with the input, counted by kind. */
export interface CaptureProblem {
  source: number;
  /** A fixed word such as "cut-record". */
  code: string;
  /** One sentence that a person can act on. */
  message: string;
  /** Where in the (decompressed) source it was first met; null when no place is meant. */
  offsetBytes: number | null;
  count: number;
}

/** Addresses and NICs. */
export interface PlatformSummary {
  addresses: PlatformAddress[];
  /** Null when nothing tells which NIC is the primary one. */
  primaryNic: PrimaryNic | null;
  nics: Nic[];
}

/** An address that counts as the platform's. */
export interface PlatformAddress {
  address: string;
  origin: "default" | "option" | "dhcp-option-245";
}

/** The NIC that platform traffic must leave from, and how that is known. */
export interface PrimaryNic {
  interface: string | null;
  mac: string | null;
  addresses: string[];
  origin: "option" | "host" | "dhcp" | "inferred";
}

/** A NIC of the VM that the capture shows. */
export interface Nic {
  interface: string | null;
  mac: string;
  /** The VM's addresses seen on it, in order of appearance. */
  addresses: string[];
  /** Null when the primary NIC is not known. */
  primary: boolean | null;
  platformPackets: number;
}

/** One conversation between a VM endpoint and a platform endpoint. */
export interface Flow {
  /** Position in `Report.flows`, from 0. */
  id: number;
  service: ServiceName;
  protocol: "tcp" | "udp" | "icmp";
  /** Who began; null when the start was not captured and nothing tells. */
  initiator: "vm" | "platform" | null;
  vm: { address: string; port: number | null; mac: string | null; interface: string | null };
  platform: { address: string; port: number | null; mac: string | null };
  /** Outermost 802.1Q VLAN identifier; null without a tag. */
  vlan: number | null;
  startedAt: string;
  endedAt: string;
  durationMs: number;
  packets: Counters;
  /** IP packet lengths as on the wire. */
  bytes: Counters;
  /** TCP or UDP payload; retransmissions are not counted twice. */
  payloadBytes: Counters;
  /** The same packet seen again on another interface: counted here alone. */
  duplicatePackets: number;
  /** Null unless protocol is "tcp". */
  tcp: TcpSummary | null;
  /** Indexes into `Report.anomalies`. */
  anomalies: number[];
}

/** How a TCP connection's opening went. */
export type TcpOutcome = "established" | "refused" | "unanswered" | "rejected" | "half-open" | "mid-stream";

/** How a TCP connection ended. */
export type TcpEnding = "fin" | "reset-by-vm" | "reset-by-platform" | "open";

/** What the segments of a TCP connection told. */
export interface TcpSummary {
  /** refused: RST to the SYN. rejected: an ICMP error to it. half-open: SYN-ACK, then never an ACK. mid-stream: no SYN captured. */
  outcome: TcpOutcome;
  /** Null unless established or mid-stream. */
  ending: TcpEnding | null;
  /** Zeek's conn_state code for the same connection. */
  connState: string;
  /** SYN to the ACK that completes it, as seen where the capture was taken; null when either is missing. */
  handshakeMs: number | null;
  synRetransmissions: number;
  retransmissions: Counters;
  outOfOrder: Counters;
  duplicateAcks: Counters;
  zeroWindows: Counters;
  /** Bytes acknowledged that the capture never saw: the capture missed packets. */
  lostSegments: Counters;
  /** The MSS option of each side's SYN; null unless both were seen. */
  maxSegmentSize: Counters | null;
  /** The window scale shift of each side's SYN; null unless both were seen. */
  windowScale: Counters | null;
  /** Data or SYN to its acknowledgement, both directions, retransmitted segments left out (Karn); null without a sample. */
  roundTripMs: { min: number; median: number; max: number } | null;
}

/** One DNS question with its retries and answer. */
export interface DnsTransaction {
  /** Id of its flow. */
  flow: number;
  /** The message's 16-bit identifier. */
  id: number;
  transport: "udp" | "tcp";
  /** Without the trailing dot; "." for the root; bytes outside printable ASCII as \DDD (RFC 1035 section 5.1). */
  name: string;
  /** "A", "AAAA", ... or "TYPE65280" (RFC 3597). */
  type: string;
  /** "IN", "CH", ... or "CLASS42". */
  class: string;
  askedAt: string;
  /** First query to first answer; null: never answered. */
  responseMs: number | null;
  retries: number;
  outcome: "answered" | "unanswered" | "unsolicited";
  /** "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", ...; null without an answer. */
  rcode: string | null;
  /** The answer's TC bit. */
  truncated: boolean;
  answers: DnsAnswer[];
  packets: PacketRef[];
}

/** One record of the answer section. */
export interface DnsAnswer {
  name: string;
  type: string;
  ttlSeconds: number;
  /** In presentation format; unknown types as \# LENGTH HEX (RFC 3597). */
  data: string;
}

/** One DHCP conversation: a transaction of one client. */
export interface DhcpExchange {
  /** xid as 0x and eight hexadecimal digits. */
  transactionId: string;
  clientMac: string;
  kind: "acquire" | "renew" | "rebind" | "release" | "inform" | "other";
  outcome: "acknowledged" | "offered" | "refused" | "unanswered" | "declined" | "released";
  messages: DhcpMessageSummary[];
  offeredAddress: string | null;
  /** Option 54. */
  serverIdentifier: string | null;
  /** Option 51; 4294967295 is for ever. */
  leaseSeconds: number | null;
  /** Option 245. */
  platformAddress: string | null;
  /** Option 3. */
  routers: string[];
  /** Option 6. */
  dnsServers: string[];
  /** Option 12, from the client. */
  hostName: string | null;
  /** First to last message; null with one message. */
  durationMs: number | null;
}

/** One message of a DHCP exchange. */
export interface DhcpMessageSummary {
  /** "DISCOVER", "OFFER", "REQUEST", "ACK", "NAK", "DECLINE", "RELEASE", "INFORM", or "BOOTREQUEST"/"BOOTREPLY" without option 53. */
  type: string;
  at: string;
  from: string;
  to: string;
  packet: PacketRef;
}

/** One HTTP request with its response; either may be missing. */
export interface HttpExchange {
  /** Id of its flow. */
  flow: number;
  /** Null when the request was not captured; so are target, host and userAgent. */
  method: string | null;
  /** The request target with secrets redacted. */
  target: string | null;
  host: string | null;
  userAgent: string | null;
  /** WireServer or HostGAPlugin operation: "versions", "goal-state", "report-health", ...; null when it is none. */
  operation: string | null;
  requestedAt: string | null;
  status: number | null;
  /** The request's last byte to the response's first. */
  responseMs: number | null;
  /** Body as on the wire; null when its end was not captured. */
  requestBytes: number | null;
  responseBytes: number | null;
  /** What the agent reported, for a health report. */
  health: HealthReport | null;
  /** Of the goal state that was answered or reported. */
  incarnation: string | null;
  packets: PacketRef[];
}

/** What the agent told the platform about the VM. */
export interface HealthReport {
  /** "Ready" or "NotReady". */
  state: string;
  substatus: string | null;
  description: string | null;
}

/** How one probe ended. */
export type ProbeOutcome = "succeeded" | "refused" | "unanswered" | "reset" | "http-error" | "tls-error";

/** The probes of one VM endpoint. */
export interface ProbeSeries {
  vm: { address: string; port: number };
  kind: "tcp" | "http" | "https";
  /** Null unless HTTP was seen. */
  path: string | null;
  probes: number;
  /** As the load balancer counts: a TCP probe that the VM resets after the handshake has succeeded. */
  succeeded: number;
  failed: number;
  /** Median distance of probe starts; null with fewer than two. */
  intervalMs: number | null;
  lastOutcome: ProbeOutcome;
  transitions: { at: string; to: "up" | "down" }[];
  /** Ids of the flows. */
  flows: number[];
}

/** How a test by hand looks on the wire. */
export type ManualTestKind =
  /** A request by a program that names itself. */
  | "http-request"
  /** A connection that is opened and closed at once, without a word: Test-NetConnection, nc -z. */
  | "port-test"
  /** The same, held open for seconds: telnet. */
  | "held-open"
  /** A series of them, about a second apart: psping. */
  | "tcp-ping"
  /** SYNs with a TTL that no system begins with: traceroute -T. */
  | "tcp-traceroute";

/** A connectivity test that somebody made by hand, and what it showed. */
export interface ManualTest {
  kind: ManualTestKind;
  /** What the program calls itself, or the programs whose packets look so. */
  tool: string;
  /** certain: it names itself, or no other kind of program does this. likely: a monitor or a script may look the same. */
  certainty: "certain" | "likely";
  vm: { address: string };
  platform: { address: string; port: number };
  startedAt: string;
  /** Connections or requests, and how many of them the platform answered. */
  tries: number;
  answered: number;
  /** What it showed, in a sentence. */
  summary: string;
  /** Ids of the flows. */
  flows: number[];
}

/** The answer for one service. */
export interface ServiceSummary {
  service: ServiceName;
  verdict: ServiceVerdict;
  /** One sentence that a person can read. */
  summary: string;
  flows: number;
  /** Transactions or connections that did what they should, and those that did not. */
  succeeded: number;
  failed: number;
  responseMs: { median: number; p95: number; max: number } | null;
  /** Indexes into `Report.anomalies`. */
  anomalies: number[];
}

/** Something wrong, with its evidence. */
export interface Anomaly {
  /** The rule's id. */
  rule: string;
  severity: Severity;
  title: string;
  /** This case, with its addresses, ports and counts. */
  summary: string;
  /** The likely cause. */
  cause: string;
  /** What to do about it. */
  remedy: string;
  /** Occurrences that are told as one. */
  count: number;
  firstAt: string;
  lastAt: string;
  /** Ids of the flows. */
  flows: number[];
  /** The evidence, in order. */
  packets: PacketRef[];
  /** A Wireshark display filter that selects the evidence. */
  displayFilter: string;
}
