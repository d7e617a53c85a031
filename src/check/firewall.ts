/** Do rules of the VM's own firewall stop the platform's traffic? They are read and never changed. */
import type { FirewallDetails, FirewallFinding } from "../report/check-report.ts";
import { DNS_PORT, HOSTGA_PLUGIN_PORT, WIRESERVER_PORT } from "../service/platform.ts";
import type { CheckContext, DoneTests, Outcome, TestDefinition } from "./check-test.ts";
import { isAgentPlace, isAgentRule } from "./firewall/agent-rules.ts";
import { parseIptablesSave } from "./firewall/iptables-save.ts";
import { type FilteredPacket, type FilterTable, hitsOf } from "./firewall/model.ts";
import { parseNftRuleset } from "./firewall/nft-ruleset.ts";
import { LOOK_MS } from "./ip-command.ts";
import { listed } from "./texts.ts";

/** What the VM asks of the platform. */
const SERVED: readonly (readonly [protocol: "tcp" | "udp", port: number])[] = [
  ["tcp", WIRESERVER_PORT],
  ["tcp", HOSTGA_PLUGIN_PORT],
  ["udp", DNS_PORT],
  ["tcp", DNS_PORT],
];

/** iptables over nftables says so when there are rules of the older kind too, which it does not list. */
const LEGACY_TOO = /iptables-legacy tables present/;

export const firewallTest: TestDefinition<"firewall"> = {
  id: "firewall",
  sends: false,
  needs: [],
  after: ["route", "tcp-80", "tcp-32526", "dns-udp", "dns-tcp"],
  nothing: { read: [], agentRules: false, findings: [] },
  async run(context, done) {
    if (context.host.system !== "linux") return notAvailable(context);
    const { read, tables } = await readTables(context);
    if (read.length === 0) return notAvailable(context);
    const agentRules = tables.some((table) => isAgentRule(table, context.address));
    const findings = findingsIn(tables, context, done);
    return judgeFirewall({ read, agentRules, findings });
  },
};

function judgeFirewall(details: FirewallDetails): Outcome<FirewallDetails> {
  const { read, agentRules, findings } = details;
  const agents = agentRules ? " The VM agent's own rules are there, as usual." : "";
  const [first] = findings;
  if (first === undefined) {
    const summary = `No rule of ${listed(read)} stops the platform's traffic.${agents}`;
    return { result: "passed", summary, details };
  }
  const isCertain = findings.some((one) => one.effect === "drops" || one.effect === "rejects");
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : "";
  const what = `${first.direction} ${first.protocol}/${first.port}`;
  const summary = `${first.place} ${first.effect.replace("-", " ")} ${what}: ${first.rule}${more}.${agents}`;
  return { result: isCertain ? "failed" : "warning", summary, details };
}

function notAvailable({ host }: CheckContext): Outcome<FirewallDetails> {
  const how =
    host.system === "win32"
      ? 'Look with "Get-NetFirewallRule -Enabled True -Action Block" and "netsh wfp show netevents" as Administrator.'
      : host.system !== "linux"
        ? 'Look with "sudo pfctl -sr".'
        : host.uid === 0
          ? "Neither iptables-save nor nft is here."
          : "Its rules can be read by root alone: run it with sudo.";
  return { result: "not-available", summary: how, details: firewallTest.nothing };
}

async function readTables({ host }: CheckContext): Promise<{ read: string[]; tables: FilterTable[] }> {
  const [iptables, nft] = await Promise.all([
    host.run("iptables-save", [], LOOK_MS),
    host.run("nft", ["-j", "list", "ruleset"], LOOK_MS),
  ]);
  const legacy = LEGACY_TOO.test(iptables.stdout + iptables.stderr)
    ? await host.run("iptables-legacy-save", [], LOOK_MS)
    : null;
  const own = iptables.status === 0 ? parseIptablesSave(iptables.stdout, "iptables") : [];
  const older = legacy?.status === 0 ? parseIptablesSave(legacy.stdout, "iptables-legacy") : [];
  const alreadyRead = own.map((table) => table.name.replace("iptables ", ""));
  const newer = nft.status === 0 ? parseNftRuleset(nft.stdout, alreadyRead) : [];
  const read = [
    iptables.status === 0 ? "iptables" : null,
    legacy?.status === 0 ? "iptables-legacy" : null,
    nft.status === 0 ? "nft" : null,
  ].filter((name) => name !== null);
  return { read, tables: [...own, ...older, ...newer] };
}

/** Findings about traffic that works are none: the traffic itself is the better witness. */
function findingsIn(
  tables: readonly FilterTable[],
  context: CheckContext,
  done: Readonly<DoneTests>,
): FirewallFinding[] {
  const wanted = SERVED.filter(([protocol, port]) => !works(done, protocol, port));
  return wanted.flatMap(([protocol, port]) =>
    packetsOf(context, done, protocol, port).flatMap((packet) =>
      hitsOf(tables, packet)
        .filter((hit) => !isAgentPlace(hit, context.address))
        .map(({ effect, place, text: rule, command }): FirewallFinding => {
          return { effect, direction: packet.direction, protocol, port, place, rule, command };
        }),
    ),
  );
}

function works(done: Readonly<DoneTests>, protocol: "tcp" | "udp", port: number): boolean {
  if (port === DNS_PORT) return done[protocol === "tcp" ? "dns-tcp" : "dns-udp"]?.details.rcode != null;
  const tries = done[port === WIRESERVER_PORT ? "tcp-80" : "tcp-32526"]?.details.tries ?? [];
  return tries.some((one) => one.outcome === "connected");
}

/** What is sent first, and what comes back. */
function packetsOf(
  { address, host }: CheckContext,
  done: Readonly<DoneTests>,
  protocol: "tcp" | "udp",
  port: number,
): FilteredPacket[] {
  const { source, interface: nic } = done.route?.details ?? { source: null, interface: null };
  const own = source ?? "";
  return [
    {
      ...{ direction: "outbound", protocol, source: own, destination: address, sourcePort: null },
      ...{ destinationPort: port, state: "new", uid: host.uid, interface: nic },
    },
    {
      ...{ direction: "inbound", protocol, source: address, destination: own, sourcePort: port },
      ...{ destinationPort: null, state: "established", uid: null, interface: nic },
    },
  ];
}
