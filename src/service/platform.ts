/** What is known of the platform before a packet is read: its addresses and ports, and which service a conversation belongs to. */
import type { ServiceName } from "../report/report.ts";

/** The address that the platform answers on, and the link-local one that IPv6 probes come from. */
export const DEFAULT_PLATFORM_ADDRESSES: readonly string[] = ["168.63.129.16", "fe80::1234:5678:9abc"];

/** The MAC from which the virtual network sends everything to a VM, and the next hop of all that a VM sends. */
export const VIRTUAL_GATEWAY_MAC = "12:34:56:78:9a:bc";

export const WIRESERVER_PORT = 80;
export const HOSTGA_PLUGIN_PORT = 32526;
export const DNS_PORT = 53;
const DHCP_SERVER_PORT = 67;
const DHCP_CLIENT_PORT = 68;

/** Ports below this are never chosen for an outgoing connection (RFC 6335 section 6: system ports). */
const FIRST_EPHEMERAL_PORT = 1024;

/** The service of a flow as a small number, for columns and for dispatch. */
export const ServiceCode = {
  other: 0,
  wireserver: 1,
  hostgaPlugin: 2,
  dns: 3,
  dhcp: 4,
  healthProbe: 5,
  icmp: 6,
} as const;
export type ServiceCode = (typeof ServiceCode)[keyof typeof ServiceCode];

/** By code. */
export const SERVICE_NAMES: readonly ServiceName[] = [
  "other",
  "wireserver",
  "hostga-plugin",
  "dns",
  "dhcp",
  "health-probe",
  "icmp",
];

/** The report's name of a service code. */
export function serviceName(code: number): ServiceName {
  return SERVICE_NAMES[code] ?? "other";
}

/** IP protocol numbers that have a service. */
const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;

/** Who opened a connection, as far as its packets tell. */
export const Opener = { unknown: 0, vm: 1, platform: 2 } as const;
export type Opener = (typeof Opener)[keyof typeof Opener];

/**
 * The service of a conversation by its IP protocol, its ports (-1 without) and who opened it.
 *
 * A TCP connection that the platform opened is a health probe whatever its ports. Of one that was captured from the middle the ports
 * tell: a probe comes from a port that a client would choose to a lower one that the VM serves. Its payload may say better later.
 */
export function classify(protocol: number, platformPort: number, vmPort: number, opener: Opener): ServiceCode {
  if (protocol === TCP) return classifyTcp(platformPort, vmPort, opener);
  if (protocol === UDP) {
    if (platformPort === DNS_PORT) return ServiceCode.dns;
    return isDhcp(platformPort, vmPort) ? ServiceCode.dhcp : ServiceCode.other;
  }
  return protocol === ICMP || protocol === ICMPV6 ? ServiceCode.icmp : ServiceCode.other;
}

function classifyTcp(platformPort: number, vmPort: number, opener: Opener): ServiceCode {
  if (opener === Opener.platform) return ServiceCode.healthProbe;
  if (platformPort === WIRESERVER_PORT) return ServiceCode.wireserver;
  if (platformPort === HOSTGA_PLUGIN_PORT) return ServiceCode.hostgaPlugin;
  if (platformPort === DNS_PORT) return ServiceCode.dns;
  if (opener === Opener.vm) return ServiceCode.other;
  return platformPort >= FIRST_EPHEMERAL_PORT && vmPort < platformPort ? ServiceCode.healthProbe : ServiceCode.other;
}

/** Server and client port, either way round: a relay or a broken client may use the server's port on both sides. */
function isDhcp(platformPort: number, vmPort: number): boolean {
  return (
    (platformPort === DHCP_SERVER_PORT && (vmPort === DHCP_CLIENT_PORT || vmPort === DHCP_SERVER_PORT)) ||
    (platformPort === DHCP_CLIENT_PORT && vmPort === DHCP_SERVER_PORT)
  );
}
