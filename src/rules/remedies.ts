/** Remedies that several rules give, with the addresses and ports of the case, for Linux and for Windows. */

/** Opens what leaves the VM. `ports` as in "80" or "53". */
export function allowOutbound(protocol: "tcp" | "udp", port: number, address: string): string {
  return (
    `Allow outbound ${protocol}/${port} to ${address} in the VM's firewall. ` +
    `Linux: look with "${iptables(address)} -S; ${iptables(address)} -t security -S; nft list ruleset", then "${iptables(address)} -I OUTPUT -d ${address} -p ${protocol} --dport ${port} -j ACCEPT". ` +
    `Windows: New-NetFirewallRule -DisplayName "Azure platform ${protocol}/${port}" -Direction Outbound -RemoteAddress ${address} -Protocol ${protocol.toUpperCase()} -RemotePort ${port} -Action Allow.`
  );
}

/** Lets the platform's answers in. */
export function allowAnswers(protocol: "tcp" | "udp", port: number, address: string): string {
  return (
    `Let the answers from ${address} ${protocol}/${port} into the VM. ` +
    `Linux: look with "${iptables(address)} -S INPUT; nft list ruleset; sysctl net.ipv4.conf.all.rp_filter", then "${iptables(address)} -I INPUT -s ${address} -p ${protocol} --sport ${port} -j ACCEPT"; rp_filter must not be 1 (strict) on a VM with several NICs. ` +
    `Windows: look with "netsh wfp show netevents" for the dropping filter, and allow established connections of the profile in use.`
  );
}

/** Over IPv6 the VM asks for the probe's MAC before it can answer (RFC 4861). */
const NEIGHBOUR_DISCOVERY =
  ' Let ICMPv6 types 135 and 136 in and out as well: without neighbour discovery no answer can leave ("ip -6 neigh" must not say FAILED).';

/** Lets the load balancer's probes in. */
export function allowProbe(port: number, vmAddress: string, platformAddress: string): string {
  return (
    `Let tcp/${port} from ${platformAddress} to ${vmAddress} into the VM. ` +
    `Linux: "${iptables(platformAddress)} -I INPUT -s ${platformAddress} -p tcp --dport ${port} -j ACCEPT". ` +
    `Windows: New-NetFirewallRule -DisplayName "Load balancer probe ${port}" -Direction Inbound -RemoteAddress ${platformAddress} -Protocol TCP -LocalPort ${port} -Action Allow.` +
    (platformAddress.includes(":") ? NEIGHBOUR_DISCOVERY : "")
  );
}

/**
 * An interface's or host's name as it may stand in a command that a person copies. A capture names it as it likes: a name that a shell could take for more than
 * a name gives way to `otherwise`.
 */
export function nameInCommand(name: string | null | undefined, otherwise: string): string {
  return name != null && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) ? name : otherwise;
}

/** Sends platform traffic through the primary NIC again. */
export function routeByPrimaryNic(address: string, primary: string | null): string {
  const nic = primary ?? "the primary NIC";
  const nicName = nameInCommand(primary, "PRIMARY-NIC");
  return (
    `Send traffic for ${address} out of ${nic}. ` +
    `Linux: "ip route get ${address}" shows the way it takes; "ip route replace ${address}/32 via GATEWAY dev ${nicName}" mends it until the next boot, then make it lasting in netplan or NetworkManager. ` +
    `Windows: "route print" shows the way it takes; route -p add ${address} mask 255.255.255.255 GATEWAY if INDEX-OF-PRIMARY-NIC.`
  );
}

/** The command that takes such an address. */
function iptables(address: string): string {
  return address.includes(":") ? "ip6tables" : "iptables";
}
