/**
 * DHCP exchanges: the messages of one client with one transaction identifier (RFC 2131), what they wanted and how they ended. There are few,
 * so they are kept as they are told. The server's host name (sname) names a host of the platform and is never kept.
 */
import { ipv4Text, macText } from "../bytes/address.ts";
import { type DhcpMessage, decodeDhcp, dhcpMessageType, findDhcpOption } from "../decode/dhcp.ts";
import { dhcpAddress, dhcpAddresses, dhcpRoutes, dhcpSeconds, dhcpText } from "../decode/dhcp-options.ts";
import type { MalformedTally } from "../decode/malformed.ts";
import type { Packet } from "../decode/packet.ts";
import { isCut } from "../decode/problem.ts";
import { MAX_DHCP_EXCHANGES, MAX_DHCP_MESSAGES } from "../limits.ts";
import { DHCP_CLIENT_WAIT_MS, PATIENT_TRIES } from "../report/waiting-times.ts";
import type { ObservedTime } from "./observed-time.ts";
import type { DhcpMessageRecord, DhcpRecord, LeaseRecord, Records } from "./records.ts";

const DHCP_CLIENT_WAIT_NS: number = DHCP_CLIENT_WAIT_MS * 1e6;
/** A client that says nothing for so long, and then uses the identifier again, has begun anew (RFC 2131 section 4.1: retries come within 64 s). */
const EXCHANGE_GAP_NS = 120e9;

/** A client renews after half of its lease (RFC 2131 section 4.4.5): with less than a quarter over it rather asks again. */
const RENEWAL_SHARE = 4;

const LIMITED_BROADCAST = 0xffffffff;
const OPTION_PLATFORM = 245;

type Kind = DhcpRecord["kind"];
type Outcome = DhcpRecord["outcome"];

/** Whether an IPv4 address, an unsigned number, is the platform's. */
export type IsPlatformAddress = (address: number) => boolean;

/** Told of an address that option 245 names. */
export type OnPlatformAddress = (address: string, atNs: number) => void;

/** One exchange as it grows. */
class Exchange {
  readonly id: number;
  readonly flow: number;
  readonly transactionId: number;
  readonly clientMac: string;
  readonly messages: DhcpMessageRecord[] = [];
  kind: Kind = "other";
  outcome: Outcome = "unanswered";
  offeredAddress: string | null = null;
  serverIdentifier: string | null = null;
  leaseSeconds: number | null = null;
  platformAddress: string | null = null;
  routers: readonly string[] = [];
  dnsServers: readonly string[] = [];
  hostName: string | null = null;
  lastClientNs = 0;
  readonly #time: ObservedTime;

  constructor(id: number, flow: number, transactionId: number, clientMac: string, time: ObservedTime) {
    this.id = id;
    this.flow = flow;
    this.transactionId = transactionId;
    this.clientMac = clientMac;
    this.#time = time;
  }

  /** As it stands, as plain data. */
  record(): DhcpRecord {
    const { id, flow, transactionId, clientMac, messages, kind, outcome } = this;
    const { offeredAddress, serverIdentifier, leaseSeconds, platformAddress, routers, dnsServers, hostName } = this;
    const first = messages[0];
    const last = messages.at(-1);
    const durationMs =
      first === undefined || last === undefined || first === last ? null : (last.atNs - first.atNs) / 1e6;
    return {
      id,
      flow,
      transactionId,
      clientMac,
      kind,
      outcome,
      messages,
      pendingAtEnd: this.#isPending(),
      offeredAddress,
      serverIdentifier,
      leaseSeconds,
      platformAddress,
      routers,
      dnsServers,
      hostName,
      durationMs,
    };
  }

  #isPending(): boolean {
    const tries = this.messages.reduce((count, { fromClient }) => count + (fromClient ? 1 : 0), 0);
    // The agent's own probe wants the offer alone.
    const isOffered = this.outcome === "offered" && !this.messages.some(({ bare }) => bare);
    const waits = (isOffered || this.outcome === "unanswered") && tries < PATIENT_TRIES;
    const endedNs = this.#time.endedNs;
    return waits && endedNs !== null && endedNs - this.lastClientNs < DHCP_CLIENT_WAIT_NS;
  }
}

export class DhcpExchanges implements Records<DhcpRecord> {
  /** Messages that were too short to tell anything, or whose client has no hardware address. */
  notDecoded = 0;
  /** Exchanges that were not kept because there were too many. */
  notKept = 0;
  /** Messages of kept exchanges that were not kept because there were too many. */
  messagesNotKept = 0;
  readonly #exchanges: Exchange[] = [];
  /** The last exchange of a client and transaction. */
  readonly #current: Map<string, Exchange> = new Map();
  readonly #leases: Map<string, LeaseRecord> = new Map();
  readonly #time: ObservedTime;
  readonly #malformed: MalformedTally;
  readonly #isPlatform: IsPlatformAddress;
  readonly #learned: OnPlatformAddress;

  constructor(
    time: ObservedTime,
    malformed: MalformedTally,
    isPlatform: IsPlatformAddress,
    learned: OnPlatformAddress,
  ) {
    this.#time = time;
    this.#malformed = malformed;
    this.#isPlatform = isPlatform;
    this.#learned = learned;
  }

  get length(): number {
    return this.#exchanges.length;
  }

  at(index: number): DhcpRecord | undefined {
    return index < 0 ? undefined : this.#exchanges[index]?.record();
  }

  *[Symbol.iterator](): Iterator<DhcpRecord> {
    for (const exchange of this.#exchanges) yield exchange.record();
  }

  /** What each client was last given, or else offered, in order of the clients' first lease. */
  get leases(): readonly LeaseRecord[] {
    return [...this.#leases.values()];
  }

  message(
    flow: number,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    end: number,
    whole: boolean,
    layers: Packet,
  ): void {
    const decoded = decodeDhcp(view, start, end, whole ? "udp-length" : "capture");
    const type = dhcpMessageType(decoded);
    const { header, problem } = decoded;
    if (problem !== null && !isCut(problem)) this.#malformed.noteProblem(problem, packet);
    if (header === null || type === null || header.clientMac === null) {
      this.notDecoded++;
      return;
    }
    const message = this.#describe(decoded, type, packet, atNs, layers);
    const exchange = this.#exchangeOf(flow, header, macText(header.clientMac), message);
    if (exchange === null) return;
    if (exchange.messages.length < MAX_DHCP_MESSAGES) exchange.messages.push(message);
    else this.messagesNotKept++;
    if (message.fromClient) noteRequest(exchange, decoded, message, layers);
    else this.#noteReply(exchange, decoded, message);
  }

  #describe(decoded: DhcpMessage, type: string, packet: number, atNs: number, layers: Packet): DhcpMessageRecord {
    const { header, options, problem } = decoded;
    const fromClient = header?.op !== 2;
    const platform = platformAddressOf(decoded);
    const server = dhcpAddress(decoded, 54);
    const macHigh = layers.sourceMacHigh;
    return {
      packet,
      atNs,
      type,
      fromClient,
      sourceAddress: ipv4Text(layers.source.word3 >>> 0),
      destinationAddress: ipv4Text(layers.destination.word3 >>> 0),
      sourceMac: macHigh < 0 ? null : macText(macHigh * 0x100000000 + (layers.sourceMacLow >>> 0)),
      serverIdentifier: server === null ? null : ipv4Text(server),
      offeredAddress: header === null || fromClient || header.yourAddress === 0 ? null : ipv4Text(header.yourAddress),
      platformAddress: typeof platform === "number" ? ipv4Text(platform) : platform,
      hasPlatformRoute: dhcpRoutes(decoded).some(
        ({ destination, prefixLength }) =>
          prefixLength === 32 && (destination === platform || this.#isPlatform(destination)),
      ),
      bare: fromClient && options.length === 1 && findDhcpOption(decoded, 53) !== null,
      cutByCapture: problem !== null && isCut(problem),
    };
  }

  /** The exchange that a message belongs to: a new one when the client starts anew, or null when there are too many. */
  #exchangeOf(
    flow: number,
    { transactionId, clientAddress }: NonNullable<DhcpMessage["header"]>,
    clientMac: string,
    message: DhcpMessageRecord,
  ): Exchange | null {
    const key = `${transactionId} ${clientMac}`;
    const known = this.#current.get(key);
    if (known !== undefined && !startsAnew(known, message, clientAddress)) return known;
    if (this.#exchanges.length >= MAX_DHCP_EXCHANGES) {
      this.notKept++;
      return null;
    }
    const exchange = new Exchange(this.#exchanges.length, flow, transactionId, clientMac, this.#time);
    this.#exchanges.push(exchange);
    this.#current.set(key, exchange);
    return exchange;
  }

  #noteReply(exchange: Exchange, decoded: DhcpMessage, message: DhcpMessageRecord): void {
    const { type } = message;
    // The client has what the first ACK gave; another server's ACK to the same request changes nothing for it.
    const isSettled = exchange.outcome === "acknowledged" && exchange.messages.at(-2)?.fromClient !== true;
    if (exchange.kind === "other" && type === "OFFER") exchange.kind = "acquire";
    if (isSettled) return;
    exchange.outcome = outcomeAfter(exchange.outcome, type);
    if (type === "NAK") return;
    exchange.offeredAddress = message.offeredAddress ?? exchange.offeredAddress;
    exchange.serverIdentifier = message.serverIdentifier ?? exchange.serverIdentifier;
    exchange.leaseSeconds = dhcpSeconds(decoded, 51) ?? exchange.leaseSeconds;
    exchange.platformAddress = message.platformAddress ?? exchange.platformAddress;
    exchange.routers = listOr(dhcpAddresses(decoded, 3), exchange.routers);
    exchange.dnsServers = listOr(dhcpAddresses(decoded, 6), exchange.dnsServers);
    if (type !== "OFFER" && type !== "ACK") return;
    const { hasPlatformRoute, offeredAddress, packet } = message;
    const lease = this.#leases.get(exchange.clientMac);
    if (type === "ACK" || lease === undefined) {
      this.#leases.set(exchange.clientMac, {
        clientMac: exchange.clientMac,
        address: offeredAddress ?? lease?.address ?? null,
        hasPlatformRoute,
        packet,
      });
    }
    const platform = platformAddressOf(decoded);
    if (typeof platform === "number" && !this.#isPlatform(platform)) this.#learned(ipv4Text(platform), message.atNs);
  }
}

function noteRequest(exchange: Exchange, decoded: DhcpMessage, message: DhcpMessageRecord, layers: Packet): void {
  exchange.lastClientNs = message.atNs;
  exchange.hostName = dhcpText(decoded, 12) ?? exchange.hostName;
  if (exchange.kind === "other") exchange.kind = kindOf(decoded, message, layers);
  if (message.type === "DECLINE") exchange.outcome = "declined";
  else if (message.type === "RELEASE") exchange.outcome = "released";
}

/** RFC 2131 section 4.3.2: a REQUEST with ciaddr renews, by unicast, or rebinds, by broadcast. */
function kindOf({ header }: DhcpMessage, { type }: DhcpMessageRecord, layers: Packet): Kind {
  switch (type) {
    case "DISCOVER":
      return "acquire";
    case "RELEASE":
      return "release";
    case "INFORM":
      return "inform";
    case "REQUEST":
      if (header === null || header.clientAddress === 0) return "acquire";
      return layers.destination.word3 >>> 0 === LIMITED_BROADCAST ? "rebind" : "renew";
    default:
      return "other";
  }
}

function outcomeAfter(before: Outcome, type: string): Outcome {
  if (type === "ACK") return "acknowledged";
  if (type === "NAK") return "refused";
  return type === "OFFER" && before === "unanswered" ? "offered" : before;
}

/**
 * Some clients keep one identifier for all their exchanges: what is finished is not gone on with, but for a DECLINE of what it gave and a
 * REQUEST that comes again because the ACK was not taken.
 */
function startsAnew(exchange: Exchange, message: DhcpMessageRecord, clientAddress: number): boolean {
  const { type, fromClient, atNs } = message;
  const { outcome, kind } = exchange;
  const leaseNs = (exchange.leaseSeconds ?? Number.POSITIVE_INFINITY) * 1e9;
  const silentNs = atNs - (exchange.messages.at(-1)?.atNs ?? atNs);
  if (!fromClient) return false;
  if (silentNs > EXCHANGE_GAP_NS) return true;
  switch (type) {
    case "DECLINE":
      return outcome !== "acknowledged";
    case "RELEASE":
    case "INFORM":
      return kind !== (type === "RELEASE" ? "release" : "inform");
    case "REQUEST":
      if (outcome === "acknowledged") {
        if (clientAddress === 0) return silentNs > DHCP_CLIENT_WAIT_NS;
        return kind === "acquire" || silentNs > Math.min(DHCP_CLIENT_WAIT_NS, leaseNs / RENEWAL_SHARE);
      }
      return outcome !== "unanswered" && outcome !== "offered";
    default:
      return outcome !== "unanswered" && outcome !== "offered";
  }
}

/** The address of option 245, "malformed" when it is not four bytes or names no host but the client, null without it. */
function platformAddressOf(message: DhcpMessage): number | "malformed" | null {
  if (findDhcpOption(message, OPTION_PLATFORM) === null) return null;
  const address = dhcpAddress(message, OPTION_PLATFORM);
  if (address === null || !isHost(address) || address === message.header?.yourAddress) return "malformed";
  return address;
}

/** False for this network, loopback, multicast and broadcast (RFC 6890 section 2.2.2, RFC 5771). */
function isHost(address: number): boolean {
  const network = address >>> 24;
  return network !== 0 && network !== 127 && network < 224;
}

function listOr(addresses: readonly number[], otherwise: readonly string[]): readonly string[] {
  return addresses.length > 0 ? addresses.map((address) => ipv4Text(address)) : otherwise;
}
