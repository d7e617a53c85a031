/** What is said of ports that do not work. */
import { allowAnswers, allowOutbound } from "../rules/remedies.ts";
import type { Evidence, PortDiagnosis } from "./diagnosis.ts";
import { listed } from "./texts.ts";

/** A verdict for people. */
export interface Words {
  summary: string;
  cause: string;
  remedy: string;
}

/** "tcp/80 and tcp/32526". */
export function portsText(about: readonly PortDiagnosis[]): string {
  return listed(about.map((one) => `${one.protocol}/${one.port}`));
}

/** Something on the VM stops it. */
export function blockedWords(evidence: Evidence, about: readonly PortDiagnosis[]): Words {
  const findings = about.flatMap((one) => one.finding ?? []);
  const isInbound = about.some((one) => one.stop === "blocked-inbound");
  const shown = wireWords(about);
  const summary = `The VM itself blocks ${portsText(about)}${shown === "" ? "." : `: ${shown}.`}`;
  if (findings.length > 0) {
    const rules = [...new Set(findings.map((one) => `${one.place}: ${one.rule}`))];
    const commands = [...new Set(findings.map((one) => `"${one.command}"`))];
    return {
      summary,
      cause: `A rule of the VM's firewall ${findings[0]?.effect === "rejects" ? "rejects" : "drops"} it: ${rules.join("; ")}.`,
      remedy: `Take the rule away, or let this traffic pass before it: ${commands.join(", ")}. Then mend what puts the rule there at boot.`,
    };
  }
  if (isAgentsRule(evidence)) return { summary, ...agentWords() };
  const [first] = about;
  const { port = 0, protocol = "tcp" } = first ?? {};
  return {
    summary,
    cause: isInbound
      ? "Something behind the place of capture drops the answers: a rule for inbound traffic, strict reverse-path filtering, or a security product."
      : "Something on the VM drops the packets before they reach the NIC: a firewall rule that could not be read, or a security product.",
    remedy: isInbound
      ? allowAnswers(protocol, port, evidence.address)
      : allowOutbound(protocol, port, evidence.address),
  };
}

/** Root is let through by the agent's rules, and nobody else. */
function isAgentsRule({ uid, done }: Evidence): boolean {
  return uid !== null && uid !== 0 && done.firewall?.result !== "failed";
}

function agentWords(): Pick<Words, "cause" | "remedy"> {
  return {
    cause:
      "This ran without root, and the VM agent's own rules let root alone speak to WireServer and HostGAPlugin. That is meant, and no fault.",
    remedy: 'Run it again as root: "sudo vipscope check". A program that must reach the platform runs as root too.',
  };
}

/** Beyond the VM. */
export function platformWords(evidence: Evidence, about: readonly PortDiagnosis[]): Words {
  const { address, done } = evidence;
  const ports = portsText(about);
  const first = about[0];
  const gateway = done.route?.details.gateway ?? done["primary-nic"]?.details.gateway ?? "the router";
  if (first?.stop === "gateway-silent") {
    return {
      summary: `Nothing gets beyond the VM's NIC: ${gateway} does not answer ARP, so no packet for ${ports} can leave.`,
      cause:
        "The NIC is not connected to its network: another MAC than the platform expects, a wrong address or gateway, or a fault of the host.",
      remedy: `Compare the NIC's address and MAC with the portal ("ip addr", "ip neigh"), ask DHCP again, and when they are right, redeploy the VM to another host.`,
    };
  }
  const seen = wireWords(about);
  const refused = first?.stop === "refused";
  return {
    summary: refused
      ? `${address} turns ${ports} down${seen === "" ? "" : `: ${seen}`}.`
      : `${address} does not answer on ${ports}${seen === "" ? "" : `: ${seen}`}.`,
    cause: refused
      ? "The service does not listen on the host, or an appliance between answers in its place. It is not this VM."
      : "Packets are lost behind the NIC: a fault of the host, or a tunnel or appliance that takes them. Security groups and routes of the network do not apply to these ports.",
    remedy: `Wait a minute and run it again, for hosts restart their services. Then stop (deallocate) and start the VM, which moves it to another host; when it stays, open a support request with this report and the packets ("vipscope check --write check.pcapng").`,
  };
}

/** What was permitted does not tell. */
export function unknownWords(evidence: Evidence, about: readonly PortDiagnosis[]): Words {
  const { address, done, uid } = evidence;
  const ports = portsText(about);
  const tries = [done["tcp-80"], done["tcp-32526"]].flatMap((test) => test?.details.tries ?? []);
  const what = tries.some((one) => one.outcome === "refused") ? "is refused" : "gets no answer";
  const agent =
    uid === null || uid === 0
      ? ""
      : " The VM agent's own rules let root alone speak to WireServer and HostGAPlugin, so this may be no fault at all.";
  const may = done.firewall?.details.findings.find((one) => one.effect === "may-drop");
  const rule = may === undefined ? "" : ` This rule may be it: ${may.place}: ${may.rule}.`;
  return {
    summary: `${address} ${what} on ${ports}; whether the VM or the platform stops it cannot be told without capture and the firewall's rules.`,
    cause: `Neither the VM's own rules nor packets could be looked at.${agent}${rule}`,
    remedy:
      uid === null
        ? "Run it as Administrator, with a program that captures (dumpcap comes with Wireshark), and it tells which of the two it is."
        : 'Run it as root, where it can capture and read the rules: "sudo vipscope check".',
  };
}

/** What the packets showed, for the summary; empty without a capture. */
function wireWords(about: readonly PortDiagnosis[]): string {
  switch (about[0]?.sighting ?? null) {
    case "never-left":
      return "what was sent never reached the NIC";
    case "answered":
      return "the answers arrive at the NIC and never reach the program";
    case "no-answer":
      return "the packets left the NIC and nothing came back";
    case "turned-down":
      return "the packets left the NIC and were answered by a reset or an ICMP error";
    default:
      return "";
  }
}
