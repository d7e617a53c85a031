/** The TTL of packets from the platform changes, or shows a hop where there is none. */
import { Case } from "./case.ts";
import type { Facts } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, sourceFilter } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

/** Hops below an initial TTL that still point to it. */
const NEARBY_HOPS = 8;

export const platformTtlChange: Rule = {
  id: "platform-ttl-change",
  severity: "warning",
  group: "source-and-path",
  title: "The platform seems to be some hops away",
  cause:
    "The platform address is answered by the VM's own host, without a router between. Another TTL means that an appliance, a VPN or a container bridge forwards the packets, or that somebody else answers.",
  remedy:
    'See who is in the path: "traceroute -T -p 80 168.63.129.16" must show one hop. Take VPN clients, appliances and static routes out of the way of the platform address.',
  detection:
    "Packets of one service from the platform have different TTLs, or one that is a few below the values that systems start with (64, 128, 255). Connections that the VM forwards for its containers are left out: there the hop is the VM itself.",
  confirm:
    'Linux: "traceroute -T -p 80 168.63.129.16". Windows: "tracert -d 168.63.129.16" or "Test-NetConnection -TraceRoute".',
  source: "What is IP address 168.63.129.16 (documentation): one hop; RFC 1700 for initial values",
  thresholds: ["initialTimeToLives"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    const forwarded = new Set(facts.translatedFlows.flatMap((pair) => [pair.original]));
    const rows = facts.platform.timeToLives.filter((row) => !row.flows.every((flow) => forwarded.has(flow)));
    const found = new Case();
    const told: string[] = [];
    const timeToLives = new Set<number>();
    for (const row of rows) {
      const same = rows.filter((other) => other.service === row.service && other.ipVersion === row.ipVersion);
      const usual = same.reduce((most, other) => (other.packets > most.packets ? other : most));
      const changed = usual !== row;
      const hops = hopsBehind(row.ttl, thresholds);
      if (!changed && (hops === 0 || same.length > 1)) continue;
      for (const index of row.evidence) found.show(facts.packet(index));
      for (const flow of row.flows) found.flows.add(flow);
      found.count += row.packets;
      timeToLives.add(row.ttl);
      told.push(
        changed
          ? `${counted(row.packets, "packet")} of ${row.service} had TTL ${row.ttl}, the other ${usual.packets} TTL ${usual.ttl}`
          : `all packets of ${row.service} had TTL ${row.ttl}, which looks like ${counted(hops, "hop")} after ${row.ttl + hops}`,
      );
    }
    const ttls = [...timeToLives].sort((a, b) => a - b).join(", ");
    const finding = found.finding({
      summary: `Of what the platform sent, ${told.join("; ")}.`,
      displayFilter: `(${facts.platform.addresses.map(sourceFilter).join(" || ")}) && (ip.ttl in {${ttls}} || ipv6.hlim in {${ttls}})`,
    });
    if (finding !== null) yield finding;
  },
};

/** How many hops a TTL is below the initial value next above it; 0 when it is one, or far from any. */
function hopsBehind(ttl: number, thresholds: Thresholds): number {
  const initial = thresholds.initialTimeToLives.filter((value) => value >= ttl).sort((a, b) => a - b)[0];
  if (initial === undefined) return 0;
  const hops = initial - ttl;
  return hops <= NEARBY_HOPS ? hops : 0;
}
