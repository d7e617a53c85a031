/** What packets from the platform look like at the link and network layer: hardware addresses and TTLs, each with a few examples. */
import { macText } from "../bytes/address.ts";
import { MAX_SIGN_EXAMPLES, MAX_SIGNS } from "../limits.ts";

/** One hardware address at one NIC, or one TTL of one service and IP version, by first appearance. */
export interface PlatformSign {
  /** The MAC as text, or the TTL as a decimal number. */
  readonly value: string;
  /** What `value` is made of, and told apart by: the halves of a MAC, or the IP version and the TTL. */
  readonly high: number;
  readonly low: number;
  /** NIC that the MAC was seen at (-1: unknown), or the flow's `FlowField.service` at the time. */
  readonly group: number;
  packets: number;
  /** Indexes in the packet table of the first few. */
  readonly examples: number[];
  /** Flows of those. */
  readonly flows: number[];
}

/** Kinds of one sort of sign; further ones than `MAX_SIGNS` are not told apart. There are mostly one or two. */
class SignList {
  readonly signs: PlatformSign[] = [];
  /** Place in `signs` of the sign that was noted last. */
  private last = 0;

  /** `text` makes the value from the two numbers when it is new. */
  note(
    high: number,
    low: number,
    group: number,
    packet: number,
    flow: number,
    text: (high: number, low: number) => string,
  ): void {
    let sign = this.signs[this.last];
    if (sign === undefined || sign.low !== low || sign.group !== group || sign.high !== high) {
      sign = this.find(high, low, group, text);
      if (sign === undefined) return;
    }
    sign.packets++;
    if (sign.examples.length >= MAX_SIGN_EXAMPLES) return;
    if (packet >= 0) sign.examples.push(packet);
    if (flow >= 0 && !sign.flows.includes(flow)) sign.flows.push(flow);
  }

  private find(
    high: number,
    low: number,
    group: number,
    text: (high: number, low: number) => string,
  ): PlatformSign | undefined {
    const { signs } = this;
    for (let place = 0; place < signs.length; place++) {
      const sign = signs[place];
      if (sign === undefined || sign.low !== low || sign.group !== group || sign.high !== high) continue;
      this.last = place;
      return sign;
    }
    if (signs.length >= MAX_SIGNS) return undefined;
    this.last = signs.length;
    signs.push({ value: text(high, low), group, packets: 0, examples: [], flows: [], high, low });
    return signs[this.last];
  }
}

/** Signs of the platform's packets, duplicates left out. */
export class PlatformSigns {
  private readonly macs: SignList = new SignList();
  private readonly ttls: SignList = new SignList();

  /** Source MACs of packets from a platform address, by NIC. */
  get sourceMacs(): readonly PlatformSign[] {
    return this.macs.signs;
  }

  /** TTLs and hop limits of packets from a platform address, by service. */
  get timeToLives(): readonly PlatformSign[] {
    return this.ttls.signs;
  }

  /** Notes one packet from the platform. `macHigh` is -1 when the link type has no addresses. */
  note(
    macHigh: number,
    macLow: number,
    nic: number,
    ttl: number,
    ipVersion: number,
    service: number,
    packet: number,
    flow: number,
  ): void {
    if (macHigh >= 0) this.macs.note(macHigh, macLow, nic, packet, flow, macOf);
    this.ttls.note(ipVersion, ttl, service, packet, flow, decimal);
  }

  /** Forgets a flow whose row is used again. */
  released(flow: number): void {
    for (const sign of [...this.macs.signs, ...this.ttls.signs]) {
      const place = sign.flows.indexOf(flow);
      if (place >= 0) sign.flows.splice(place, 1);
    }
  }
}

function macOf(high: number, low: number): string {
  return macText(high * 0x100000000 + (low >>> 0));
}

function decimal(_high: number, low: number): string {
  return String(low);
}
