/** LINKTYPE_ numbers that can be decoded (https://www.tcpdump.org/linktypes.html). */
export const LinkType = {
  /** BSD loopback, address family in the byte order of the machine that captured. */
  null: 0,
  ethernet: 1,
  ppp: 9,
  /** DLT_RAW of most systems, written by mistake instead of 101; 14 is OpenBSD's. */
  rawOld: 12,
  rawOpenBsd: 14,
  pppHdlc: 50,
  raw: 101,
  /** OpenBSD loopback, address family in network byte order. */
  loop: 108,
  linuxSll: 113,
  ipv4: 228,
  ipv6: 229,
  linuxSll2: 276,
} as const;
