/** Names by the number of option 53 (RFC 2132 section 9.6); 0 stands for a message without it, which no test has. */
export const DHCP_MESSAGE_TYPES: Readonly<Record<number, string>> = {
  1: "DISCOVER",
  2: "OFFER",
  3: "REQUEST",
  4: "DECLINE",
  5: "ACK",
  6: "NAK",
  7: "RELEASE",
  8: "INFORM",
};
