/** The gateway 10.1.0.1 as an appliance in the path. */
import { NICS } from "./topology.mjs";

/**
 * Lets the gateway refuse what matches (the words of `ip rule`) with ICMP administratively prohibited, from its own address. A firewall's
 * REJECT would not do: of a packet to a local address it answers as that address.
 */
export async function rejectAtGateway(lab, match) {
  const [{ peer, network, gateway }] = NICS;
  const ip = (...words) => lab.run("platform", "ip", ...words);
  await lab.run("platform", "sysctl", "-qw", `net.ipv4.conf.${peer}.forwarding=1`);
  // The local table must come after the rule.
  await ip("rule", "add", "pref", "100", "lookup", "local");
  await ip("rule", "del", "pref", "0");
  await ip("rule", "add", "pref", "50", "iif", peer, ...match.split(" "), "prohibit");
  await ip("rule", "add", "pref", "60", "iif", "lo", "ipproto", "icmp", "lookup", "77");
  await ip("route", "add", `${network}/24`, "dev", peer, "src", gateway, "table", "77");
}
