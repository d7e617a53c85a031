/** Cells that say more than one value, with the role that it deserves. */
import type { DhcpExchange, DnsAnswer, DnsTransaction, Flow, HttpExchange, Severity } from "../report/report.ts";
import type { ScreenModel } from "./model.ts";
import { type Piece, piece } from "./parts/line.ts";
import { type Role, severityRole } from "./theme.ts";

/** What cells need to know beside their row. */
export type CellContext = Pick<ScreenModel, "theme" | "data">;

const SEVERITIES: readonly Severity[] = ["critical", "warning", "notice"];

/** Which way the first packet went, the VM on the left. */
export function directionCell({ initiator }: Flow, { theme }: CellContext): Piece {
  if (initiator === null) return piece(theme.symbols.nothing, "faint");
  return piece(initiator === "vm" ? theme.symbols.toRight : theme.symbols.toLeft, "faint");
}

/** The NIC's name or the end of its MAC; one that is not the primary one stands out. */
export function nicCell({ vm }: Flow, { theme, data }: CellContext): Piece {
  const name = vm.interface ?? vm.mac?.slice(-5) ?? "-";
  return isSecondary(vm, data) ? piece(`${name}${theme.symbols.severities.warning}`, "doubtful") : piece(name, "faint");
}

/** Known not to be the primary NIC. */
export function isSecondary(vm: Flow["vm"], data: ScreenModel["data"]): boolean {
  const nics = data.overview?.report.platform.nics ?? [];
  return nics.some(
    (nic) => nic.primary === false && (vm.mac === null ? nic.interface === vm.interface : nic.mac === vm.mac),
  );
}

/** "tcp/80", or the protocol alone; of a probe, whose platform port says nothing, the protocol. */
export function platformPort({ protocol, platform, initiator }: Flow): string {
  return platform.port === null || initiator === "platform" ? protocol : `${protocol}/${platform.port}`;
}

export function flowState({ tcp, packets }: Flow): Piece {
  if (tcp === null) {
    const bothWays = packets.toPlatform > 0 && packets.fromPlatform > 0;
    return bothWays ? piece("two-way") : piece("one-way", "doubtful");
  }
  switch (tcp.outcome) {
    case "refused":
    case "unanswered":
    case "rejected":
    case "half-open":
      return piece(tcp.outcome, "bad");
    case "established":
    case "mid-stream":
      if (tcp.ending === "reset-by-vm") return piece("reset by VM", "doubtful");
      return tcp.ending === "reset-by-platform" ? piece("reset", "doubtful") : piece(tcp.outcome);
    default:
      return tcp.outcome satisfies never;
  }
}

/** The most severe of the flow's anomalies as a symbol, and how many there are. */
export function flagsCell({ anomalies }: Flow, { theme, data }: CellContext): Piece {
  const severities = anomalies.map((index) => data.overview?.report.anomalies[index]?.severity);
  const worst = SEVERITIES.find((severity) => severities.includes(severity));
  if (worst === undefined) return piece("");
  return piece(
    `${theme.symbols.severities[worst]}${anomalies.length > 1 ? anomalies.length : ""}`,
    severityRole(worst),
  );
}

export function dnsResult({ outcome, rcode }: DnsTransaction): Piece {
  if (outcome !== "answered") return piece(outcome, "bad");
  if (rcode === "NOERROR") return piece(rcode, "good");
  return piece(rcode ?? "-", rcode === "NXDOMAIN" ? "note" : "bad");
}

/** The first answer's data, and how many there are. */
export function answerText(answers: readonly DnsAnswer[]): string {
  const last = answers.at(-1);
  if (last === undefined) return "-";
  return answers.length > 1 ? `${last.data} (${answers.length})` : last.data;
}

export function dhcpRole(outcome: DhcpExchange["outcome"]): Role {
  switch (outcome) {
    case "acknowledged":
      return "good";
    case "refused":
    case "unanswered":
    case "declined":
      return "bad";
    case "offered":
      return "doubtful";
    case "released":
      return "plain";
    default:
      return outcome satisfies never;
  }
}

export function httpStatus({ status }: HttpExchange, { theme }: CellContext): Piece {
  if (status === null) return piece(`${theme.symbols.severities.critical} none`, "bad");
  if (status >= 400) return piece(`${theme.symbols.severities.critical} ${status}`, "bad");
  return piece(String(status), "good");
}

export function healthCell({ health }: HttpExchange): Piece {
  if (health === null) return piece("-", "faint");
  return piece(health.state, health.state === "Ready" ? "good" : "bad");
}
