/** What was malformed, and what bounded memory gave up, as problems of the capture: nothing is left out in silence. */
import type { MalformedKind } from "../decode/malformed.ts";
import type { Layer, ProblemCode } from "../decode/problem.ts";
import type { FlowTracker } from "../flow/tracker.ts";
import {
  MAX_DHCP_EXCHANGES,
  MAX_DHCP_MESSAGES,
  MAX_DNS_ANSWER_BYTES,
  MAX_DNS_MISMATCHES,
  MAX_DNS_RETRIES,
  MAX_HEALTH_REPORTS,
  MAX_ICMP_ERRORS,
  MAX_NICS,
  MAX_OUTSTANDING_QUERIES,
  MAX_OUTSTANDING_SEGMENTS,
  MAX_PIECES_BYTES,
  MAX_PIPELINED_REQUESTS,
  MAX_POOLED_BYTES,
  MAX_PROBED_ENDPOINTS,
  MAX_TLS_PROBES,
  MAX_TRANSLATED_FLOWS,
} from "../limits.ts";
import type { Services } from "../service/services.ts";
import type { CaptureProblem } from "./report.ts";
import { count as shownCount } from "./values.ts";

/** Kinds of malformed layers, headers first, each with the place of the first packet that shows it. */
export function malformedProblems(tracker: FlowTracker, services: Services): CaptureProblem[] {
  return [...tracker.malformed.kinds, ...services.malformed.kinds].map((kind) => malformedProblem(kind, tracker));
}

function malformedProblem({ code, layer, count, firstPacket }: MalformedKind, tracker: FlowTracker): CaptureProblem {
  const { packets } = tracker;
  const known = packets.holds(firstPacket);
  const frame = known ? `, first in frame ${packets.frame(firstPacket)}` : "";
  return {
    source: known ? packets.source(firstPacket) : 0,
    code,
    message: `Malformed ${LAYER_NAMES[layer]}: ${FAULTS[code]}${frame}. What could be read was used.`,
    offsetBytes: known ? packets.offset(firstPacket) : null,
    count,
  };
}

/** A bound that was reached: what was met beyond it. */
interface Reached {
  readonly code: string;
  readonly count: number;
  readonly message: string;
}

/** Every bound of tracking and services that was reached, with what that means. Those that `Report.limits` counts are not told twice. */
export function limitProblems(tracker: FlowTracker, services: Services): CaptureProblem[] {
  return reached(tracker, services)
    .filter(({ count }) => count > 0)
    .map(({ code, message, count }) => ({ source: 0, code, message, offsetBytes: null, count }));
}

function reached(tracker: FlowTracker, services: Services): Reached[] {
  const { dnsTransactions: dns, dhcp, httpExchanges: http, healthProbes } = services;
  const { packets, icmpErrors, tcp, nics, translations, flows, counters } = tracker;
  return [
    {
      code: "flows-let-go",
      count: flows.released - counters.flowsDropped,
      message:
        "Conversations without a packet for long were let go: they are not listed any more, and the services count them.",
    },
    {
      code: "transactions-let-go",
      count: dns.table.forgotten + http.table.forgotten,
      message:
        "The oldest transactions of conversations that went on were let go: they are not listed any more, and the services count them.",
    },
    {
      code: "packets-let-go",
      count: packets.first,
      message:
        "The oldest platform packets were let go: they cannot be named as evidence any more, and all counts have them.",
    },
    {
      code: "limit-packets",
      count: packets.notKept,
      message: `Only the first ${shownCount(packets.maxPackets)} platform packets can be named as evidence; further ones were analysed all the same.`,
    },
    {
      code: "limit-icmp-errors",
      count: icmpErrors.seen - icmpErrors.count,
      message: `Only the first ${shownCount(MAX_ICMP_ERRORS)} ICMP errors are kept; further ones count for their flows alone.`,
    },
    {
      code: "limit-outstanding-segments",
      count: tcp.segmentsNotTimed,
      message: `More than ${shownCount(MAX_OUTSTANDING_SEGMENTS)} TCP segments waited for an acknowledgment; further ones gave no round-trip time.`,
    },
    {
      code: "limit-nics",
      count: nics.notKept,
      message: `More than ${shownCount(MAX_NICS)} NICs; packets of further ones count for none.`,
    },
    {
      code: "limit-translated-flows",
      count: translations.notKept,
      message: `Only ${shownCount(MAX_TRANSLATED_FLOWS)} flows are told as one before and after address translation.`,
    },
    {
      code: "limit-dns-transactions",
      count: dns.table.notKept,
      message: `Only the first ${shownCount(dns.table.maxRows)} DNS transactions are kept; further queries are in their flows' counters alone.`,
    },
    {
      code: "limit-dns-outstanding",
      count: dns.outstandingDropped,
      message: `More than ${shownCount(MAX_OUTSTANDING_QUERIES)} DNS queries waited for an answer at once; the oldest count as unanswered.`,
    },
    {
      code: "limit-dns-retries",
      count: dns.retriesNotKept,
      message: `Only ${shownCount(MAX_DNS_RETRIES)} repeated DNS queries are kept; further ones are counted, and their answers fit no query.`,
    },
    {
      code: "limit-dns-mismatches",
      count: dns.mismatchesNotKept,
      message: `Only the first ${shownCount(MAX_DNS_MISMATCHES)} DNS answers that fit no query are judged.`,
    },
    {
      code: "limit-dns-answers",
      count: dns.answers.refused,
      message: `DNS answers filled ${shownCount(MAX_DNS_ANSWER_BYTES)} bytes; of further ones the records are not shown.`,
    },
    {
      code: "limit-texts",
      count: dns.names.refused + services.texts.refused,
      message: `Names or request targets filled ${shownCount(MAX_POOLED_BYTES)} bytes; further new ones are shown as an ellipsis.`,
    },
    {
      code: "limit-dhcp-exchanges",
      count: dhcp.notKept,
      message: `Only the first ${shownCount(MAX_DHCP_EXCHANGES)} DHCP exchanges are kept.`,
    },
    {
      code: "limit-dhcp-messages",
      count: dhcp.messagesNotKept,
      message: `Only the first ${shownCount(MAX_DHCP_MESSAGES)} messages of a DHCP exchange are kept.`,
    },
    {
      code: "limit-http-exchanges",
      count: http.table.notKept,
      message: `Only the first ${shownCount(http.table.maxRows)} HTTP exchanges are kept; further ones are in their flows' counters alone.`,
    },
    {
      code: "limit-http-pipelined",
      count: http.pipelinedDropped,
      message: `More than ${shownCount(MAX_PIPELINED_REQUESTS)} requests of one connection waited at once; the oldest count as unanswered.`,
    },
    {
      code: "limit-health-reports",
      count: http.healthReportsNotKept,
      message: `Only the first ${shownCount(MAX_HEALTH_REPORTS)} health reports of the agent are shown with their text.`,
    },
    {
      code: "limit-message-pieces",
      count: services.pieces.refused,
      message: `Messages that come in several pieces filled ${shownCount(MAX_PIECES_BYTES)} bytes; further ones were not put together.`,
    },
    {
      code: "limit-probed-endpoints",
      count: healthProbes.probesNotKept,
      message: `More than ${shownCount(MAX_PROBED_ENDPOINTS)} probed endpoints; probes of further ones are flows alone.`,
    },
    {
      code: "limit-tls-probes",
      count: healthProbes.tlsNotRead,
      message: `More than ${shownCount(MAX_TLS_PROBES)} TLS probes at once; of further ones the connection alone was judged.`,
    },
  ];
}

const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  ethernet: "Ethernet frame",
  "linux-sll": "Linux cooked header",
  loopback: "loopback header",
  ppp: "PPP header",
  "raw-ip": "IP packet",
  arp: "ARP packet",
  ipv4: "IPv4 header",
  ipv6: "IPv6 header",
  icmp: "ICMP message",
  icmpv6: "ICMPv6 message",
  udp: "UDP header",
  tcp: "TCP header",
  dns: "DNS message",
  dhcp: "DHCP message",
  http: "HTTP message",
  tls: "TLS record",
  "proxy-protocol": "PROXY header",
};

const FAULTS: Readonly<Record<ProblemCode, string>> = {
  "link-cut": "it ends within its header",
  "link-bad-length": "its length contradicts the frame",
  "link-too-many-tags": "more tags than any network has",
  "arp-cut": "it ends within its fields",
  "ip-cut": "it ends within its header",
  "ip-bad-version": "its version is neither 4 nor 6",
  "ip-bad-header-length": "its header length is impossible",
  "ip-bad-total-length": "its total length is shorter than its header",
  "ip-bad-option": "an option is longer than the header",
  "ip-too-many-extensions": "more extension headers than are followed",
  "icmp-cut": "it ends within its header",
  "icmp-bad-quote": "what it quotes is no IP packet",
  "udp-cut": "it ends within its header",
  "udp-bad-length": "its length is shorter than its header or longer than its packet",
  "tcp-cut": "it ends within its header",
  "tcp-bad-data-offset": "its data offset is impossible",
  "tcp-bad-option": "an option is longer than the header",
  "dns-cut": "it ends before what it announces",
  "dns-bad-label": "a label of a reserved kind",
  "dns-name-too-long": "a name longer than 255 bytes",
  "dns-pointer-loop": "the pointers of a name form a loop",
  "dns-pointer-outside": "a pointer leads out of the message",
  "dns-bad-rdata": "a record's data contradicts its length",
  "dhcp-cut": "it ends within its fields",
  "dhcp-bad-magic": "it lacks the magic cookie",
  "dhcp-bad-hardware-length": "its hardware address length is impossible",
  "dhcp-option-cut": "an option is longer than its field",
  "dhcp-no-end-option": "its options have no end",
  "http-cut": "it ends within its head",
  "http-head-too-long": "its head is longer than is read",
  "http-bad-start-line": "bytes that begin no message where one should begin",
  "http-bad-header": "a header line without a name",
  "http-too-many-headers": "more header lines than are kept",
  "http-bad-content-length": "its Content-Length is no number",
  "http-conflicting-length": "it states two lengths",
  "http-bad-transfer-coding": "its transfer coding is not known",
  "http-bad-chunk": "a chunk's size line is no number",
  "tls-cut": "it ends within its header",
  "tls-bad-content-type": "a content type that TLS does not have",
  "tls-bad-version": "a version that TLS does not have",
  "tls-bad-record-length": "longer than TLS allows",
  "tls-bad-extension-length": "an extension longer than its hello",
  "proxy-cut": "it ends within its fields",
  "proxy-bad-header": "its fields contradict each other",
};
