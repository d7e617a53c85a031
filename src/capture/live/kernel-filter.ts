/**
 * The filter that the kernel applies while capturing, in the language of pcap-filter(7): it passes what the analysis needs and nothing else.
 */
import { parseIpv4 } from "../../bytes/address.ts";

/** ICMP errors quote the packet that caused them: destination unreachable, source quench, redirect, time exceeded, parameter problem (RFC 792). */
const ICMP_ERRORS = "(icmp and (icmp[0] = 3 or icmp[0] = 4 or icmp[0] = 5 or icmp[0] = 11 or icmp[0] = 12))";

/** ICMPv6 errors have types below 128 (RFC 4443 section 2.1). */
const ICMPV6_ERRORS = "(icmp6 and ip6[40] < 128)";

const DHCP = "(udp and (port 67 or port 68))";

/** The filter for these platform addresses (as text, both families), narrowed by `narrowing` when it is not empty. */
export function kernelFilter(platformAddresses: readonly string[], narrowing: string = ""): string {
  const hosts = platformAddresses.map((address) =>
    parseIpv4(address) === null ? `ip6 host ${address}` : `host ${address}`,
  );
  const wanted = [...hosts, "arp", DHCP, ICMP_ERRORS, ICMPV6_ERRORS].join(" or ");
  // "vlan" shifts every offset that stands after it, so the tagged half comes last.
  const everywhere = `(${wanted}) or (vlan and (${wanted}))`;
  return narrowing === "" ? everywhere : `(${narrowing}) and (${everywhere})`;
}
