/** What people call the tests and the verdicts of a check. */
import type { CheckTestId, CheckVerdict } from "./check-report.ts";

export const CHECK_TEST_TITLES: Readonly<Record<CheckTestId, string>> = {
  interfaces: "Network interfaces",
  address: "Address",
  "primary-nic": "Primary NIC",
  route: "Route",
  "tcp-80": "TCP to port 80",
  "tcp-32526": "TCP to port 32526",
  "http-versions": "WireServer's versions",
  "hostga-versions": "HostGAPlugin's versions",
  "dns-udp": "DNS over UDP",
  "dns-tcp": "DNS over TCP",
  "dns-reverse": "Reverse lookup",
  "dhcp-lease": "DHCP lease",
  hops: "Hops",
  "secondary-nics": "Further NICs",
  firewall: "Firewall of the VM",
  proxy: "Proxy",
};

export const CHECK_VERDICT_WORDS: Readonly<Record<CheckVerdict, string>> = {
  working: "WORKING",
  "no-interface": "NO INTERFACE",
  "no-usable-address": "NO USABLE ADDRESS",
  "no-route": "NO ROUTE",
  "wrong-source": "WRONG SOURCE",
  "blocked-on-vm": "BLOCKED ON THE VM",
  refused: "REFUSED",
  unanswered: "UNANSWERED",
  degraded: "DEGRADED",
  unknown: "UNKNOWN",
};
