/** How DHCP exchanges went, told from the report as the services' answers count them. */
import type { DhcpExchange, DhcpMessageSummary } from "../../report/report.ts";
import type { ReportView } from "../../report/report-view.ts";
import { packetKey } from "../../report/values.ts";
import { DHCP_CLIENT_WAIT_MS, PATIENT_TRIES } from "../../report/waiting-times.ts";

/** What servers send. */
const SERVER_MESSAGES: readonly string[] = ["OFFER", "ACK", "NAK", "BOOTREPLY"];

/** Judges the exchanges of one report. */
export class DhcpAttempts {
  /** The agent's own bare DISCOVERs, which take no offer up: the anomaly about them names them. */
  readonly #bare: ReadonlySet<string>;
  readonly #silenceTells: boolean;

  /** `silenceTells`: the capture would show an answer. */
  constructor({ anomalies }: ReportView, silenceTells: boolean) {
    const bare = anomalies.filter(({ rule }) => rule === "agent-dhcp-probe").flatMap(({ packets }) => packets);
    this.#bare = new Set(bare.map(packetKey));
    this.#silenceTells = silenceTells;
  }

  /** Null when it still waits, or asks for nothing that must be answered. `sinceAskedMs`: how long ago its client last sent, at the capture's end. */
  success(exchange: DhcpExchange, sinceAskedMs: number): boolean | null {
    const { outcome, kind, messages } = exchange;
    if (this.#waits(exchange) && sinceAskedMs < DHCP_CLIENT_WAIT_MS) return null;
    if (outcome === "refused" || outcome === "declined") return false;
    if (outcome === "offered") return !this.#isOfferIgnored(messages);
    if (outcome !== "unanswered") return true;
    const isForLease = kind !== "inform" && kind !== "other";
    return isForLease && this.#silenceTells && !isOfferTaken(messages) ? false : null;
  }

  #waits({ outcome, messages }: DhcpExchange): boolean {
    const isOffered = outcome === "offered" && !messages.some((message) => this.#isBare(message));
    return (isOffered || outcome === "unanswered") && messages.filter(isAsking).length < PATIENT_TRIES;
  }

  #isOfferIgnored(messages: readonly DhcpMessageSummary[]): boolean {
    const offer = messages.findIndex(({ type }) => type === "OFFER");
    return offer >= 0 && messages.slice(offer).some((one) => one.type === "DISCOVER" && !this.#isBare(one));
  }

  #isBare({ packet }: DhcpMessageSummary): boolean {
    return this.#bare.has(packetKey(packet));
  }
}

/** Sent by a client. */
export function isAsking({ type }: DhcpMessageSummary): boolean {
  return !SERVER_MESSAGES.includes(type);
}

/** The client asks a server for what it was offered: the offer was not captured, but reached it. */
function isOfferTaken(messages: readonly DhcpMessageSummary[]): boolean {
  return messages.some(({ type }) => type === "DISCOVER") && messages.some(({ type }) => type === "REQUEST");
}
