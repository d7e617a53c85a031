/** IP protocol numbers that matter here (IANA registry); the IPv6 extension headers among them (RFC 7045). */
export const IpProtocol = {
  hopByHop: 0,
  icmp: 1,
  /** IP in IP. */
  ipv4: 4,
  tcp: 6,
  udp: 17,
  /** IPv6 in IP. */
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  authentication: 51,
  icmpv6: 58,
  noNextHeader: 59,
  destinationOptions: 60,
  mobility: 135,
} as const;
