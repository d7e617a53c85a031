/** The platform's traffic within tunnels: counted by kind, and not analysed. */
import type { CaptureRecord } from "../capture/record.ts";
import { type AddressSet, PlatformSide, platformSide } from "../decode/address-set.ts";
import { decodePacket } from "../decode/decode-packet.ts";
import { Packet } from "../decode/packet.ts";
import { type TunnelPayload, tunnelPayload } from "../decode/tunnel.ts";
import { MAX_TUNNEL_KINDS } from "../limits.ts";

/** One kind of tunnel in one source. */
export interface TunnelTally {
  readonly source: number;
  readonly kind: TunnelPayload["kind"];
  /** What it carries. */
  readonly linkType: TunnelPayload["linkType"];
  /** Bytes before the carried packet, from the link layer on. */
  readonly headerBytes: number;
  /** Place of the first packet. */
  readonly frame: number;
  readonly offset: number;
  count: number;
}

/** Looks into what is not the platform's own. */
export class Tunnels {
  readonly tallies: TunnelTally[] = [];
  private readonly addresses: AddressSet;
  private readonly inner: Packet = new Packet();

  constructor(addresses: AddressSet) {
    this.addresses = addresses;
  }

  /** Takes in a packet between other addresses. A tunnel within a tunnel is not followed. */
  note(packet: Packet, record: CaptureRecord, source: number): void {
    const payload = tunnelPayload(packet);
    if (payload === null || payload.start >= packet.payloadEnd) return;
    const { inner } = this;
    const headerBytes = payload.start - packet.start;
    decodePacket(payload.linkType, packet.view, payload.start, packet.payloadEnd, 0, inner);
    if (inner.ipVersion === 0 || platformSide(inner, this.addresses) === PlatformSide.none) return;
    const { kind, linkType } = payload;
    const known = this.tallies.find(
      (tally) => tally.source === source && tally.kind === kind && tally.headerBytes === headerBytes,
    );
    if (known !== undefined) known.count++;
    else if (this.tallies.length < MAX_TUNNEL_KINDS)
      this.tallies.push({ source, kind, linkType, headerBytes, frame: record.frame, offset: record.offset, count: 1 });
  }
}
