/** What a decoder found wrong, told so that a person can find the byte: one shape and one list of codes for every layer. */

/** The layers that can have a problem. */
export const LAYERS = [
  "ethernet",
  "linux-sll",
  "loopback",
  "ppp",
  "raw-ip",
  "arp",
  "ipv4",
  "ipv6",
  "icmp",
  "icmpv6",
  "udp",
  "tcp",
  "dns",
  "dhcp",
  "http",
  "tls",
  "proxy-protocol",
] as const;
export type Layer = (typeof LAYERS)[number];

/**
 * Every code, by layer. Adding is free; a code keeps its meaning. A "-cut" code says that bytes ended early: `limit` tells whether the
 * capture stopped there (then nothing is wrong with the sender) or a length field did (then it is malformed).
 */
export const PROBLEM_CODES = [
  "link-cut",
  "link-bad-length",
  "link-too-many-tags",
  "arp-cut",
  "ip-cut",
  "ip-bad-version",
  "ip-bad-header-length",
  "ip-bad-total-length",
  "ip-bad-option",
  "ip-too-many-extensions",
  "icmp-cut",
  "icmp-bad-quote",
  "udp-cut",
  "udp-bad-length",
  "tcp-cut",
  "tcp-bad-data-offset",
  "tcp-bad-option",
  "dns-cut",
  "dns-bad-label",
  "dns-name-too-long",
  "dns-pointer-loop",
  "dns-pointer-outside",
  "dns-bad-rdata",
  "dhcp-cut",
  "dhcp-bad-magic",
  "dhcp-bad-hardware-length",
  "dhcp-option-cut",
  "dhcp-no-end-option",
  "http-cut",
  "http-head-too-long",
  "http-bad-start-line",
  "http-bad-header",
  "http-too-many-headers",
  "http-bad-content-length",
  "http-conflicting-length",
  "http-bad-transfer-coding",
  "http-bad-chunk",
  "tls-cut",
  "tls-bad-content-type",
  "tls-bad-version",
  "tls-bad-record-length",
  "tls-bad-extension-length",
  "proxy-cut",
  "proxy-bad-header",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Which length ended the bytes that were available. */
export const LENGTH_LIMITS = [
  "capture",
  "frame-length",
  "ip-length",
  "udp-length",
  "tcp-data-offset",
  "dns-tcp-length",
  "dns-rdata-length",
  "dhcp-field",
  "tls-handshake-length",
  "stream",
  "bound",
] as const;
export type LengthLimit = (typeof LENGTH_LIMITS)[number];

/** Where a decoder stopped and why. What was read before it stays valid. */
export interface Problem {
  code: ProblemCode;
  layer: Layer;
  /** From the first byte of the layer to what could not be read. */
  offsetBytes: number;
  /** Bytes that were needed there; 0 when more bytes would not have helped. */
  neededBytes: number;
  /** Bytes that were there. */
  availableBytes: number;
  /** What ended them. */
  limit: LengthLimit;
}

/** True when the capture (or a stream still under way) ended too early: nothing is known to be wrong with the sender. */
export function isCut(problem: Problem): boolean {
  return problem.neededBytes > 0 && (problem.limit === "capture" || problem.limit === "stream");
}
