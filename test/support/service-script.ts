/** Hand-made packets through flow tracking into the services: what the stages after them see. */
import { parseIpv4 } from "../../src/bytes/address.ts";
import { CaptureRecord } from "../../src/capture/record.ts";
import { AddressSet } from "../../src/decode/address-set.ts";
import type { Packet } from "../../src/decode/packet.ts";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { FlowTracker } from "../../src/flow/tracker.ts";
import { Conversations } from "../../src/service/conversations.ts";
import { Services } from "../../src/service/services.ts";
import { type PacketFields, PLATFORM, PLATFORM_MAC, tcpPacket, udpPacket } from "./flow-packets.ts";

export const VM = "10.0.0.4";
export const VM_MAC = "00:0d:3a:00:00:04";
const { syn, ack, fin, rst } = TcpFlag;

export interface ScriptOptions {
  live?: boolean;
  maxFlows?: number;
}

/** One side's end of a connection. */
interface Ends {
  vm: number;
  platform: number;
}

export class ServiceScript {
  readonly tracker: FlowTracker;
  readonly services: Services;
  readonly learned: string[] = [];
  atMs = 0;
  #frame = 0;
  /** Next sequence numbers of the connection under way, by its VM and platform ports. */
  readonly #next: Map<string, Ends> = new Map();

  constructor(options: ScriptOptions = {}) {
    const addresses = new AddressSet();
    addresses.addIpv4((parseIpv4(PLATFORM) ?? 0) | 0);
    const conversations = new Conversations();
    this.tracker = new FlowTracker({ addresses, hashSeed: 1, ...options }, conversations);
    this.services = new Services(this.tracker, {
      live: options.live === true,
      isPlatform: (address) => addresses.hasIpv4(address | 0),
      onPlatformAddress: (address) => this.learned.push(address),
    });
    conversations.attach(this.services);
  }

  /** Everything that follows is at this time. */
  at(atMs: number): this {
    this.atMs = atMs;
    return this;
  }

  packet(packet: Packet): this {
    const record = new CaptureRecord();
    record.view = packet.view;
    record.end = packet.view.byteLength;
    record.wireBytes = record.end + Math.max(0, packet.payloadBytes - (packet.payloadEnd - packet.payloadStart));
    record.timeNs = this.atMs * 1e6;
    record.frame = ++this.#frame;
    this.tracker.packet(packet, record, 0);
    return this;
  }

  udp(toPlatform: boolean, fields: PacketFields): this {
    return this.packet(udpPacket({ ...sides(toPlatform), ...fields }));
  }

  /** One segment between two ports; sequence numbers follow from what was sent before. */
  tcp(
    toPlatform: boolean,
    vmPort: number,
    platformPort: number,
    flags: number,
    payload: string | Uint8Array = "",
  ): this {
    const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
    const ends = this.#ends(vmPort, platformPort);
    const own = toPlatform ? "vm" : "platform";
    this.packet(
      tcpPacket({
        ...sides(toPlatform),
        sourcePort: toPlatform ? vmPort : platformPort,
        destinationPort: toPlatform ? platformPort : vmPort,
        sequence: ends[own],
        acknowledgment: toPlatform ? ends.platform : ends.vm,
        flags,
        payload: bytes,
        identification: this.#frame,
      }),
    );
    ends[own] += bytes.length + ((flags & (syn | fin)) !== 0 ? 1 : 0);
    return this;
  }

  /** A handshake, opened by the VM or by the platform. */
  open(byVm: boolean, vmPort: number, platformPort: number): this {
    return this.tcp(byVm, vmPort, platformPort, syn)
      .tcp(!byVm, vmPort, platformPort, syn | ack)
      .tcp(byVm, vmPort, platformPort, ack);
  }

  send(toPlatform: boolean, vmPort: number, platformPort: number, payload: string | Uint8Array): this {
    return this.tcp(toPlatform, vmPort, platformPort, ack, payload);
  }

  /** Data that was sent and not captured. */
  unseen(toPlatform: boolean, vmPort: number, platformPort: number, payload: string): this {
    this.#ends(vmPort, platformPort)[toPlatform ? "vm" : "platform"] += payload.length;
    return this;
  }

  /** FIN of both sides, this one's first. */
  close(byVm: boolean, vmPort: number, platformPort: number): this {
    return this.tcp(byVm, vmPort, platformPort, fin | ack)
      .tcp(!byVm, vmPort, platformPort, fin | ack)
      .tcp(byVm, vmPort, platformPort, ack);
  }

  reset(byVm: boolean, vmPort: number, platformPort: number): this {
    return this.tcp(byVm, vmPort, platformPort, rst | ack);
  }

  /** The capture ends now. */
  end(): this {
    this.tracker.finish();
    this.services.time.startedNs = 0;
    this.services.time.endedNs = this.atMs * 1e6;
    return this;
  }

  #ends(vmPort: number, platformPort: number): Ends {
    const key = `${vmPort} ${platformPort}`;
    const known = this.#next.get(key);
    if (known !== undefined) return known;
    const ends = { vm: 1000, platform: 5000 };
    this.#next.set(key, ends);
    return ends;
  }
}

function sides(toPlatform: boolean): PacketFields {
  return toPlatform
    ? { source: VM, destination: PLATFORM, sourceMac: VM_MAC, destinationMac: PLATFORM_MAC }
    : { source: PLATFORM, destination: VM, sourceMac: PLATFORM_MAC, destinationMac: VM_MAC };
}
