/** Conditions that both kinds of rules know. */
import { parseIpv4 } from "../../bytes/address.ts";
import type { Condition, FilteredPacket } from "./model.ts";

/** First and last address of a range of IPv4 addresses. */
export type AddressRange = readonly [first: number, last: number];
/** First and last port. */
export type PortRange = readonly [first: number, last: number];

/** Neither holds nor does not: what is asked for cannot be told of the packet. */
export const UNKNOWN: Condition = () => null;

/** The opposite. */
export function not(condition: Condition): Condition {
  return (packet) => {
    const answer = condition(packet);
    return answer === null ? null : !answer;
  };
}

/** The source or destination address is within one of the ranges. */
export function addressIn(side: "source" | "destination", ranges: readonly AddressRange[]): Condition {
  return (packet) => {
    const address = parseIpv4(packet[side]);
    return address === null ? null : ranges.some(([first, last]) => address >= first && address <= last);
  };
}

/** The source or destination port is within one of the ranges; one that a client would choose is unknown, unless they are all that low. */
export function portIn(side: "sourcePort" | "destinationPort", ranges: readonly PortRange[]): Condition {
  return (packet) => {
    const port = packet[side];
    if (port !== null) return ranges.some(([first, last]) => port >= first && port <= last);
    if (ranges.some(([first, last]) => first <= FIRST_CLIENT_PORT && last >= LAST_PORT)) return true;
    return ranges.every(([, last]) => last < FIRST_CLIENT_PORT) ? false : null;
  };
}

/** Linux chooses ports from 32768 on, Windows from 49152 on; administrators lower that, never below this. */
const FIRST_CLIENT_PORT = 1024;
const LAST_PORT = 65_535;

/** The protocol is one of these; a number as text counts as its name. */
export function protocolIn(names: readonly string[]): Condition {
  const all = names.map((name) => PROTOCOL_NAMES[name] ?? name.toLowerCase());
  return (packet) => all.includes(packet.protocol) || all.includes("all");
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = { "0": "all", "6": "tcp", "17": "udp" };

/** Connection tracking knows the packet by one of these states. */
export function stateIn(names: readonly string[]): Condition {
  const all = names.map((name) => name.toLowerCase());
  return ({ state }) => all.includes(state);
}

/** The NIC has this name; a "+" or "*" at its end stands for anything. */
export function interfaceIs(direction: FilteredPacket["direction"], name: string): Condition {
  return (packet) => {
    if (packet.direction !== direction) return false;
    if (packet.interface === null) return null;
    return /[+*]$/.test(name) ? packet.interface.startsWith(name.slice(0, -1)) : packet.interface === name;
  };
}

/** The sender is one of these users, by number. */
export function uidIn(ranges: readonly PortRange[]): Condition {
  return ({ uid }) => (uid === null ? false : ranges.some(([first, last]) => uid >= first && uid <= last));
}

/** "10.0.0.4", "10.0.0.0/8" or "10.0.0.0/255.0.0.0"; null for anything else. */
export function parseNetwork(text: string): AddressRange | null {
  const [base = "", prefix] = text.split("/");
  const address = parseIpv4(base);
  if (address === null) return null;
  if (prefix === undefined) return [address, address];
  const dotted = parseIpv4(prefix);
  const bits = /^\d{1,2}$/.test(prefix) ? Number(prefix) : -1;
  if (dotted === null && (bits < 0 || bits > 32)) return null;
  const mask = dotted ?? (bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0);
  const first = (address & mask) >>> 0;
  return [first, (first | ~mask) >>> 0];
}

/** "80", "1024:65535", ":1023", "1024-2048"; null for anything else. */
export function parseRange(text: string): PortRange | null {
  const [, first = "", separator = "", last = ""] = /^(\d*)([:-]?)(\d*)$/.exec(text) ?? [];
  if (text === "" || (separator === "" && first === "")) return null;
  if (separator === "") return [Number(first), Number(first)];
  return [first === "" ? 0 : Number(first), last === "" ? LAST_PORT : Number(last)];
}
