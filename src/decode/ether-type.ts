/** EtherTypes that matter here (IEEE 802 registry). */
export const EtherType = {
  ipv4: 0x0800,
  arp: 0x0806,
  vlan: 0x8100,
  ipv6: 0x86dd,
  mpls: 0x8847,
  mplsMulticast: 0x8848,
  /** 802.1ad, the outer tag of two. */
  serviceVlan: 0x88a8,
  /** The outer tag of two before 802.1ad. */
  oldServiceVlan: 0x9100,
} as const;

/** Smaller numbers in that place are an IEEE 802.3 length. */
export const MINIMUM_ETHER_TYPE = 0x0600;
