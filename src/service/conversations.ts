/**
 * Says of each conversation what it is for when it opens, and hands its payload to the service that understands it. What a connection
 * that was captured from the middle is for is guessed by its ports and told better by its first payload.
 */

import type { Packet } from "../decode/packet.ts";
import { mayBeTls } from "../decode/tls.ts";
import { FlowField, FlowKind, Initiator } from "../flow/flow-table.ts";
import type { ConversationListener } from "../flow/listener.ts";
import { GrowingInts } from "./growing-ints.ts";
import { plausibleStart } from "./http-head.ts";
import { classify, ServiceCode } from "./platform.ts";
import type { Services } from "./services.ts";

/** Who takes a conversation's payload. */
const Role = {
  none: 0,
  /** HTTP that the VM asks. */
  httpClient: 1,
  /** HTTP that the platform's probe asks. */
  httpProbe: 2,
  tlsProbe: 3,
  dnsDatagram: 4,
  dnsStream: 5,
  dhcp: 6,
  /** A probe whose first payload is still to come. */
  newProbe: 7,
  /** Captured from the middle, for an unknown purpose: its first payload may tell that it is a probe. */
  unknown: 8,
} as const;
type Role = (typeof Role)[keyof typeof Role];

export class Conversations implements ConversationListener {
  #services: Services | null = null;
  /** `Role` of each flow. */
  readonly #roles: GrowingInts = new GrowingInts();

  /** Names the stores. Before the first packet. */
  attach(services: Services): void {
    this.#services = services;
  }

  opened(flow: number): boolean {
    const services = this.#services;
    if (services === null) return false;
    const { flows } = services;
    const opener = flows.int(flow, FlowField.initiator);
    const service =
      flows.int(flow, FlowField.kind) === FlowKind.dhcp
        ? ServiceCode.dhcp
        : classify(
            flows.int(flow, FlowField.protocol),
            flows.int(flow, FlowField.platformPort),
            flows.int(flow, FlowField.vmPort),
            opener === Initiator.vm ? 1 : opener === Initiator.platform ? 2 : 0,
          );
    flows.setInt(flow, FlowField.service, service);
    if (service === ServiceCode.healthProbe) services.healthProbes.opened(flow);
    const role = roleOf(service, flows.int(flow, FlowField.kind) === FlowKind.tcp, opener === Initiator.unknown);
    this.#roles.set(flow, role);
    return role !== Role.none;
  }

  datagram(
    flow: number,
    toPlatform: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    end: number,
    whole: boolean,
    layers: Packet,
  ): void {
    const services = this.#services;
    if (services === null) return;
    const role = this.#roles.get(flow);
    if (role === Role.dnsDatagram) {
      services.dnsTransactions.message(flow, false, toPlatform, packet, atNs, view, start, end, whole);
    } else if (role === Role.dhcp) services.dhcp.message(flow, packet, atNs, view, start, end, whole, layers);
  }

  stream(
    flow: number,
    toPlatform: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    end: number,
  ): void {
    const services = this.#services;
    if (services === null) return;
    switch (this.#roles.get(flow)) {
      case Role.httpClient:
        services.httpExchanges.stream(flow, toPlatform, packet, atNs, view, start, end);
        return;
      case Role.httpProbe:
        services.httpExchanges.stream(flow, !toPlatform, packet, atNs, view, start, end);
        return;
      case Role.tlsProbe:
        services.healthProbes.tls(flow, !toPlatform, view, start, end);
        return;
      case Role.dnsStream:
        services.dnsStreams.stream(flow, toPlatform, packet, atNs, view, start, end);
        return;
      case Role.newProbe:
      case Role.unknown:
        this.#learn(services, flow, toPlatform, view, start, end);
        if (this.#roles.get(flow) < Role.newProbe) this.stream(flow, toPlatform, packet, atNs, view, start, end);
        return;
      default:
    }
  }

  gap(flow: number, toPlatform: boolean, packet: number, atNs: number, bytes: number): void {
    const services = this.#services;
    if (services === null) return;
    switch (this.#roles.get(flow)) {
      case Role.httpClient:
        services.httpExchanges.gap(flow, toPlatform, packet, atNs, bytes);
        return;
      case Role.httpProbe:
        services.httpExchanges.gap(flow, !toPlatform, packet, atNs, bytes);
        return;
      case Role.tlsProbe:
        services.healthProbes.tlsGap(flow, !toPlatform, bytes);
        return;
      case Role.dnsStream:
        services.dnsStreams.gap(flow, toPlatform, packet, atNs, bytes);
        return;
      default:
    }
  }

  closed(flow: number, toPlatform: boolean, packet: number, atNs: number, how: "fin" | "reset" | "let-go"): void {
    const services = this.#services;
    if (services === null) return;
    const orderly = how === "fin";
    switch (this.#roles.get(flow)) {
      case Role.httpClient:
        services.httpExchanges.closed(flow, toPlatform, packet, atNs, orderly);
        return;
      case Role.httpProbe:
        services.httpExchanges.closed(flow, !toPlatform, packet, atNs, orderly);
        return;
      case Role.dnsStream:
        services.dnsStreams.closed(flow, toPlatform);
        return;
      default:
    }
  }

  released(flow: number): void {
    const services = this.#services;
    if (services === null) return;
    services.letGo.flow(flow);
    switch (this.#roles.get(flow)) {
      case Role.httpClient:
        services.httpExchanges.released(flow);
        break;
      case Role.dnsDatagram:
        services.dnsTransactions.released(flow);
        break;
      case Role.dnsStream:
        services.dnsStreams.forget(flow);
        services.dnsTransactions.released(flow);
        break;
      default:
    }
    if (services.serviceOf(flow) === ServiceCode.healthProbe) {
      services.healthProbes.released(flow);
      services.httpExchanges.released(flow);
    }
    this.#roles.set(flow, Role.none);
  }

  /** Decides by a connection's payload what it is. */
  #learn(services: Services, flow: number, toPlatform: boolean, view: DataView, start: number, end: number): void {
    const { flows } = services;
    const knownOpener = flows.int(flow, FlowField.initiator) !== Initiator.unknown;
    const plausible = plausibleStart(view, start, end);
    const request = plausible === 1;
    const response = plausible === 2;
    if (!knownOpener && (toPlatform ? request : response)) {
      // The VM asks: what looked like a probe by its ports is none.
      if (flows.int(flow, FlowField.service) === ServiceCode.healthProbe) services.healthProbes.disowned(flow);
      flows.setInt(flow, FlowField.service, ServiceCode.other);
      this.#roles.set(flow, Role.none);
      return;
    }
    if (toPlatform ? response : request || isProxyPrefix(view, start, end)) {
      if (flows.int(flow, FlowField.service) !== ServiceCode.healthProbe) {
        flows.setInt(flow, FlowField.service, ServiceCode.healthProbe);
        services.healthProbes.opened(flow);
      }
      this.#roles.set(flow, Role.httpProbe);
    } else if (this.#roles.get(flow) === Role.newProbe) {
      if (mayBeTls(view, start, end) && end - start > 1) this.#roles.set(flow, Role.tlsProbe);
      else if (!toPlatform && plausible === 0) this.#roles.set(flow, Role.httpProbe);
    }
  }
}

function roleOf(service: ServiceCode, isTcp: boolean, fromTheMiddle: boolean): Role {
  switch (service) {
    case ServiceCode.wireserver:
    case ServiceCode.hostgaPlugin:
      return Role.httpClient;
    case ServiceCode.dns:
      return isTcp ? Role.dnsStream : Role.dnsDatagram;
    case ServiceCode.dhcp:
      return Role.dhcp;
    case ServiceCode.healthProbe:
      return Role.newProbe;
    default:
      return isTcp && fromTheMiddle ? Role.unknown : Role.none;
  }
}

/** A probe behind a private link begins with a PROXY header: "PROXY " or the signature of version 2. */
function isProxyPrefix(view: DataView, start: number, end: number): boolean {
  if (end - start < 6) return false;
  const first = view.getUint32(start);
  return first === 0x50524f58 || first === 0x0d0a0d0a;
}
