/** The configuration of dnsmasq as the platform's DHCP and DNS server. */
export const DOMAIN = "k3xqzfakelabfakelabfakelab.bx.internal.cloudapp.net";

/** For `extra`: large.example.com with over 1,200 bytes of text. */
export const LARGE_ANSWER = Array.from(
  { length: 8 },
  (_, part) => `txt-record=large.example.com,${`part ${part} `.repeat(20)}`,
);

/**
 * The lines of its configuration file for one NIC: the first NIC's server also answers DNS, and each has a process of its own, because both
 * hold the same address.
 *
 * @param options nic (of topology.NICS); platformAddress; directory (its files); dhcp: false for DNS alone; leaseTime; without245: no option
 *   245; wireServer: another address in option 245; domainNameServer: another one in option 6; extra: more lines of a scenario
 */
export function dnsmasqConfiguration(options) {
  const { nic, directory, extra = [] } = options;
  return [
    ...[
      "no-resolv",
      "no-hosts",
      "no-ping",
      "bind-interfaces",
      "no-daemon",
      "user=root",
      "localise-queries",
      "no-negcache",
    ],
    `pid-file=${directory}/dnsmasq-${nic.peer}.pid`,
    `interface=${nic.peer}`,
    `port=${nic.primary ? 53 : 0}`,
    ...(options.dhcp === false ? [] : dhcpLines(options)),
    ...(nic.primary ? DNS_LINES : []),
    ...extra,
    "",
  ].join("\n");
}

const DNS_LINES = [
  "local=/internal.cloudapp.net/",
  `host-record=vm0.${DOMAIN},10.1.0.4,60`,
  `host-record=db.${DOMAIN},10.1.0.20,10`,
  "host-record=packages.example.com,203.0.113.10,300",
  "host-record=packages.example.com,2001:db8::10,300",
  "host-record=www.example.net,203.0.113.80,60",
  "cname=storage.example.net,www.example.net,60",
  "local=/example.com/example.net/168.in-addr.arpa/invalid/",
];

function dhcpLines({ nic, directory, platformAddress, leaseTime = "infinite", without245 = false, ...options }) {
  const wireServer = options.wireServer ?? platformAddress;
  const routes = ["0.0.0.0/0", `${wireServer}/32`, "169.254.169.254/32"].flatMap((target) => [target, nic.gateway]);
  return [
    "dhcp-authoritative",
    `dhcp-leasefile=${directory}/dnsmasq-${nic.peer}.leases`,
    `domain=${DOMAIN}`,
    `dhcp-option=option:dns-server,${options.domainNameServer ?? platformAddress}`,
    ...(without245 ? [] : [`dhcp-option-force=245,${wireServer}`]),
    `shared-network=${nic.peer},${nic.network}`,
    `dhcp-range=${nic.address},${nic.address},255.255.255.0,${leaseTime}`,
    // The platform's own routes come with the primary NIC's lease alone.
    ...(nic.primary
      ? [`dhcp-option=option:router,${nic.gateway}`, `dhcp-option-force=121,${routes}`]
      : ["dhcp-option=option:router"]),
  ];
}
