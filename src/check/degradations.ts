/** What is wrong beside connections that work. */
import type { Evidence, PortDiagnosis } from "./diagnosis.ts";
import { blockedWords, portsText } from "./verdict-words.ts";

/** One thing that is wrong. The summary goes on after "but". */
export interface Degradation {
  summary: string;
  cause: string;
  remedy: string;
  ports: readonly number[];
}

/** The worst first. */
export function degradations(evidence: Evidence, dns: readonly PortDiagnosis[]): Degradation[] {
  return [...dnsDegradations(evidence, dns), ...otherDegradations(evidence)];
}

function dnsDegradations(evidence: Evidence, dns: readonly PortDiagnosis[]): Degradation[] {
  const { done, address } = evidence;
  const failing = dns.filter((one) => one.stop !== "none");
  const ports = [53];
  if (failing.length > 0) {
    const summary = `DNS does not: ${portsText(failing)} gets no answer.`;
    if (failing.some((one) => one.stop.startsWith("blocked"))) {
      const { cause, remedy } = blockedWords(evidence, failing);
      return [{ summary, cause, remedy, ports }];
    }
    return [
      {
        summary,
        cause:
          "A rule of a network security group denies the service tag AzurePlatformDNS, or a rule on the VM drops it.",
        remedy: `Look for a rule that denies AzurePlatformDNS in the NIC's and the subnet's security groups, and for rules about port 53 to ${address} on the VM.`,
        ports,
      },
    ];
  }
  const rcodes = [done["dns-udp"], done["dns-tcp"]].filter((test) => test?.result === "warning");
  const odd = [...new Set(rcodes.map((test) => test?.details.rcode ?? ""))].join(" and ");
  if (odd === "" && done["dns-reverse"]?.result !== "warning") return [];
  return [
    {
      summary: odd === "" ? "somebody else answers DNS in the platform's place." : `DNS answers ${odd}.`,
      cause:
        "The resolver cannot find names, or DNS is intercepted on the way: a rule that redirects port 53, or a resolver on the VM.",
      remedy: `Ask it by hand: "dig @${address} microsoft.com"; look for rules that redirect port 53 ("iptables-save -t nat", "nft list ruleset").`,
      ports,
    },
  ];
}

function otherDegradations({ done, address }: Evidence): Degradation[] {
  const found: Degradation[] = [];
  for (const id of ["http-versions", "hostga-versions"] as const) {
    const test = done[id];
    if (test?.result !== "warning") continue;
    found.push({
      summary: `tcp/${test.details.port} answers a request oddly: ${test.summary}`,
      cause:
        "The service is not well, throttles the VM, or something else answers in its place; 400 means another NIC or address than the primary one.",
      remedy: `Run it again in a minute; when it stays, "vipscope live" shows how the VM agent's requests are answered.`,
      ports: [test.details.port],
    });
  }
  for (const id of ["tcp-80", "tcp-32526"] as const) {
    const test = done[id];
    if (test?.result !== "warning") continue;
    found.push({
      summary: `not every connection to tcp/${test.details.port} succeeds: ${test.summary}`,
      cause: "Packets are lost now and then, or the VM's connection table is full.",
      remedy: `"vipscope live --duration 5m" shows how many are lost, and in which direction.`,
      ports: [test.details.port],
    });
  }
  if (done.hops?.result === "warning") {
    found.push({
      summary: `the platform is not the next hop: ${done.hops.summary}`,
      cause: "Something routes between the VM and the platform: a VPN, a container network, or an appliance.",
      remedy: `"ip route get ${address}" shows by what it leaves; it should leave by the primary NIC straight to the subnet's router.`,
      ports: [80],
    });
  }
  if (done.proxy?.result === "warning") {
    const { catchingVariable } = done.proxy.details;
    found.push({
      summary: `programs would send its requests to a proxy: ${done.proxy.summary}`,
      cause:
        "The environment names a proxy and does not except the platform address; a proxy is another machine, which the platform does not answer.",
      remedy: `Add ${address} to no_proxy beside ${catchingVariable}: "export no_proxy=${address},169.254.169.254".`,
      ports: [80],
    });
  }
  if (done["dhcp-lease"]?.result === "warning") {
    found.push({
      summary: `the DHCP lease does not name it: ${done["dhcp-lease"].summary}`,
      cause:
        "Another DHCP server answered, the client does not ask for option 245, or the lease names another platform address (Classic).",
      remedy: `When the lease names another address, test that: "vipscope check --address ADDRESS". Otherwise renew the lease and look at who answers: "vipscope live".`,
      ports: [],
    });
  }
  return found;
}
