/** The verdict of a check: what the tests and the packets' report say together. Pure: the same findings give the same words. */
import type { CheckReport, CheckVerdict } from "../report/check-report.ts";
import { DNS_PORT, HOSTGA_PLUGIN_PORT, WIRESERVER_PORT } from "../service/platform.ts";
import { degradations } from "./degradations.ts";
import { diagnoseDns, diagnosePorts, type Evidence, type PortDiagnosis, type Stop } from "./diagnosis.ts";
import { isOtherAddress, isOtherNic } from "./route.ts";
import { ruledOut } from "./ruled-out.ts";
import { blockedWords, platformWords, unknownWords, type Words } from "./verdict-words.ts";

/** The part of the report that is the verdict. */
export type Judgement = Pick<CheckReport, "verdict" | "ports" | "summary" | "cause" | "remedy" | "ruledOut">;

const ALL_PORTS: readonly number[] = [WIRESERVER_PORT, HOSTGA_PLUGIN_PORT, DNS_PORT];

/** What is told first when ports differ: what can be mended on the VM before what cannot. */
const STOPS: readonly (readonly [CheckVerdict, readonly Stop[]])[] = [
  ["blocked-on-vm", ["blocked-outbound", "blocked-inbound"]],
  ["refused", ["refused"]],
  ["unanswered", ["unanswered", "gateway-silent"]],
  ["unknown", ["unknown"]],
];

/** What happens to a port that the verdict is not about. */
const STOP_WORDS: Readonly<Record<Stop, string>> = {
  none: "works",
  "blocked-outbound": "is blocked on the VM",
  "blocked-inbound": "is blocked on the VM",
  "gateway-silent": "does not get beyond the NIC",
  refused: "is turned down beyond the VM",
  unanswered: "gets no answer from beyond the VM",
  unknown: "fails, and it cannot be told why",
};

/** Judges. */
export function judgeCheck(evidence: Evidence): Judgement {
  const early = judgeHost(evidence);
  if (early !== null) return early;
  const ports = diagnosePorts(evidence);
  const failing = ports.filter((one) => one.stop !== "none");
  const isBlocked = failing.some((one) => one.stop.startsWith("blocked"));
  const wrongSource = isBlocked ? null : judgeSource(evidence, failing);
  if (wrongSource !== null) return wrongSource;
  if (failing.length > 0) return judgeFailing(evidence, failing);
  return judgeWorking(evidence);
}

/** What keeps every packet from leaving: no NIC, no address, no route. */
function judgeHost(evidence: Evidence): Judgement | null {
  const { done, address } = evidence;
  const nic = done["primary-nic"]?.details.interface ?? done.interfaces?.details.interfaces[0]?.name ?? "eth0";
  if (done.interfaces?.result === "failed") {
    return judged(evidence, "no-interface", ALL_PORTS, {
      summary: done.interfaces.summary,
      cause: "The NIC was set down, its driver is not loaded, or the VM lost it.",
      remedy: `Set it up: "ip link set ${nic} up". When it is not there at all, look at "dmesg" for its driver, and detach and attach it in the portal.`,
    });
  }
  if (done.address?.result === "failed") {
    const up = done.interfaces?.details.interfaces.find((one) => one.up && one.virtual !== true)?.name ?? nic;
    return judged(evidence, "no-usable-address", ALL_PORTS, {
      summary: done.address.summary,
      cause:
        "DHCP got no answer, or its client does not run; a link-local address is what the system then gives itself.",
      remedy: `Ask DHCP again: "dhclient -v ${up}", "networkctl renew ${up}" or "nmcli device reapply ${up}"; Windows: "ipconfig /renew". When nothing answers, capture it: "vipscope live -i ${up}" shows who is silent.`,
    });
  }
  const { error = null } = done.route?.details ?? {};
  if (error === null) return null;
  const gateway = done["primary-nic"]?.details.gateway ?? "GATEWAY";
  return judged(evidence, "no-route", ALL_PORTS, {
    summary: `The kernel has no route to ${address}: ${error}.`,
    cause:
      "The default route is missing, or a route forbids this address: a configuration by hand, a VPN client, or a restart of networking that failed.",
    remedy: `Give it one: "ip route replace ${address}/32 via ${gateway} dev ${nic}", then make the default route lasting in netplan, NetworkManager or systemd-networkd. "ip route show table all" shows a route that forbids (unreachable, blackhole, prohibit), and "ip route del" takes it away.`,
  });
}

/** The platform answers the primary address of the primary NIC alone. */
function judgeSource(evidence: Evidence, failing: readonly PortDiagnosis[]): Judgement | null {
  const { done, address } = evidence;
  const route = done.route?.details;
  const primary = done["primary-nic"]?.details ?? null;
  if (route === undefined) return null;
  const isNic = isOtherNic(route, primary);
  if (!isNic && !isOtherAddress(route, primary)) return null;
  const ports = failing.length > 0 ? failing.map((one) => one.port) : [WIRESERVER_PORT, HOSTGA_PLUGIN_PORT];
  const still = failing.length === 0 ? " It is answered all the same, for now." : "";
  const way = isNic ? "" : ` src ${primary?.address}`;
  const told = isNic
    ? `leaves by ${route.interface}${route.source === null ? "" : ` from ${route.source}`}, and the primary NIC is ${primary?.interface}`
    : `leaves from ${route.source}, and the primary address is ${primary?.address}`;
  return judged(evidence, "wrong-source", ports, {
    summary: `Traffic for ${address} ${told}.${still}`,
    cause: isNic
      ? "A route sends it to a further NIC: a lower metric, a static route, or policy routing. The platform answers the primary NIC alone."
      : "A further address of the NIC is preferred as the source. The platform answers the primary address alone, and HostGAPlugin turns others down with 400.",
    remedy: `Send it by the primary NIC and address: "ip route replace ${address}/32 via ${primary?.gateway ?? "GATEWAY"} dev ${primary?.interface}${way}" mends it until the next boot; then make it lasting in netplan or NetworkManager. Windows: "route -p add ${address} mask 255.255.255.255 GATEWAY if INDEX-OF-PRIMARY-NIC"; add further addresses with skipassource.`,
  });
}

function judgeFailing(evidence: Evidence, failing: readonly PortDiagnosis[]): Judgement {
  for (const [verdict, stops] of STOPS) {
    const about = failing.filter((one) => stops.includes(one.stop));
    const [first] = about;
    if (first === undefined) continue;
    const words = wordsFor(verdict, evidence, about);
    const others = failing.filter((one) => !about.includes(one));
    const more = others.map((one) => ` Beside that, tcp/${one.port} ${STOP_WORDS[one.stop]}.`).join("");
    return judged(
      evidence,
      verdict,
      about.map((one) => one.port),
      { ...words, summary: words.summary + more },
    );
  }
  return judgeWorking(evidence);
}

function wordsFor(verdict: CheckVerdict, evidence: Evidence, about: readonly PortDiagnosis[]): Words {
  if (verdict === "blocked-on-vm") return blockedWords(evidence, about);
  return verdict === "unknown" ? unknownWords(evidence, about) : platformWords(evidence, about);
}

function judgeWorking(evidence: Evidence): Judgement {
  const { address } = evidence;
  const found = degradations(evidence, diagnoseDns(evidence));
  const [first] = found;
  if (first === undefined) {
    return {
      verdict: "working",
      ports: [],
      summary: `${address} answers as it should: WireServer, HostGAPlugin and DNS.`,
      cause: null,
      remedy: null,
      ruledOut: [],
    };
  }
  const works = `WireServer and HostGAPlugin answer, but ${first.summary}`;
  const more = found.slice(1).map((one) => `${one.summary[0]?.toUpperCase()}${one.summary.slice(1)}`);
  return judged(evidence, "degraded", [...new Set(found.flatMap((one) => one.ports))], {
    summary: [works, ...more].join(" "),
    cause: found.map((one) => one.cause).join(" "),
    remedy: found.map((one) => one.remedy).join(" "),
  });
}

function judged(evidence: Evidence, verdict: CheckVerdict, ports: readonly number[], words: Words): Judgement {
  return { verdict, ports: [...ports], ...words, ruledOut: ruledOut(evidence, verdict) };
}
