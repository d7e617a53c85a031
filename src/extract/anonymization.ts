/**
 * Replaces addresses, MACs and host names consistently within one extract: the same value always by the same other one, under a key that is
 * drawn for the extract and never kept. Addresses keep their common prefixes (as Crypto-PAn does), private ranges stay private, and the
 * platform's addresses and MAC stay what they are.
 */
import { createHmac, randomBytes } from "node:crypto";
import { decodePacket } from "../decode/decode-packet.ts";
import { type Packet, PacketKind } from "../decode/packet.ts";

/** Ranges whose leading bits stay: what is private, shared, link-local, loopback or multicast stays so (RFC 6890). */
const KEPT_PREFIXES: readonly (readonly [network: number, bits: number])[] = [
  [0x0a000000, 8],
  [0x64400000, 10],
  [0x7f000000, 8],
  [0xa9fe0000, 16],
  [0xac100000, 12],
  [0xc0a80000, 16],
  [0xe0000000, 4],
];

/** Labels of names that tell what a name is, not whose. */
const KEPT_LABELS: ReadonlySet<string> = new Set(
  (
    "com net org edu gov mil int io dev local lan home arpa in-addr ip6 invalid example test localhost internal cloudapp azure azuredns " +
    "blockpolicy windows core blob file queue table dfs web vault database privatelink azurewebsites azure-api azurecr microsoft reddog " +
    "trafficmanager svc cluster default kube-system"
  ).split(" "),
);

/** Addresses, and labels, that are remembered; then all are forgotten and worked out again, to the same under the key. */
const MAX_REMEMBERED = 200_000;

const VIRTUAL_GATEWAY_MAC = "123456789abc";
const DNS_PORT = 53;
const DHCP_PORTS: readonly number[] = [67, 68];
const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** True when the first `bits` bits of a kept prefix are these: then the next bit stays, so that the kept ranges map to themselves. */
function leadsToKept(prefix: number, bits: number): boolean {
  return KEPT_PREFIXES.some(([network, kept]) => bits < kept && (bits === 0 || network >>> (32 - bits) === prefix));
}

/** One extract's mapping. */
export class Anonymization {
  private readonly key: Uint8Array;
  private readonly keptAddresses: ReadonlySet<number>;
  private readonly ipv4: Map<number, number> = new Map();
  private readonly labels: Map<string, string> = new Map();

  /** `platformAddresses` are IPv4 addresses as 32-bit numbers; `key` is given by tests alone. */
  constructor(platformAddresses: readonly number[], key: Uint8Array = randomBytes(32)) {
    this.key = key;
    this.keptAddresses = new Set([0, 0xffffffff, ...platformAddresses.map((address) => address >>> 0)]);
  }

  /** Changes the packet in place. `packet` is `bytes` decoded, and is decoded anew when this returns. Checksums are the caller's. */
  anonymize(bytes: Uint8Array, packet: Packet, linkType: number, wireBytes: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.linkAddresses(bytes, packet);
    this.networkAddresses(view, packet);
    if (packet.kind === PacketKind.udp && packet.payloadEnd > packet.payloadStart) {
      const { sourcePort, destinationPort } = packet;
      if (sourcePort === DNS_PORT || destinationPort === DNS_PORT) {
        this.dnsMessage(view, packet.payloadStart, packet.payloadEnd);
      } else if (DHCP_PORTS.includes(sourcePort) && DHCP_PORTS.includes(destinationPort)) {
        this.dhcpMessage(view, packet.payloadStart, packet.payloadEnd);
      }
    } else if (
      packet.kind === PacketKind.tcp &&
      (packet.sourcePort === DNS_PORT || packet.destinationPort === DNS_PORT)
    ) {
      this.dnsMessage(view, packet.payloadStart + 2, packet.payloadEnd);
    } else if (packet.kind === PacketKind.tcp) {
      this.hostHeader(bytes, packet.payloadStart, packet.payloadEnd);
    }
    decodePacket(linkType, view, 0, bytes.length, wireBytes, packet);
  }

  /** The address in place of this one; both as unsigned 32-bit numbers. */
  address(address: number): number {
    const original = address >>> 0;
    if (this.keptAddresses.has(original)) return original;
    const known = this.ipv4.get(original);
    if (known !== undefined) return known;
    let mapped = 0;
    for (let bit = 0; bit < 32; bit++) {
      const prefix = bit === 0 ? 0 : original >>> (32 - bit);
      const flip = leadsToKept(prefix, bit) ? 0 : this.bit(`ip ${bit} ${prefix}`);
      mapped = (mapped << 1) | (((original >>> (31 - bit)) & 1) ^ flip);
    }
    if (this.ipv4.size === MAX_REMEMBERED) this.ipv4.clear();
    this.ipv4.set(original, mapped >>> 0);
    return mapped >>> 0;
  }

  /** A label of the same length in place of this one; well-known labels stay. */
  label(text: string): string {
    const lower = text.toLowerCase();
    if (KEPT_LABELS.has(lower) || /^_|^\d{1,3}$|^xn--/.test(lower)) return text;
    const known = this.labels.get(lower);
    if (known !== undefined) return known;
    const digest = this.digest(`label ${lower}`);
    const mapped = Array.from(
      lower,
      (_, at) => ALPHABET[(digest[at % digest.length] ?? 0) % (at === 0 ? 26 : 36)],
    ).join("");
    if (this.labels.size === MAX_REMEMBERED) this.labels.clear();
    this.labels.set(lower, mapped);
    return mapped;
  }

  /** Six bytes: the maker's part stays, for it tells what kind of NIC it is; group addresses and the gateway's stay. */
  private mac(bytes: Uint8Array, at: number): void {
    if (at + 6 > bytes.length || ((bytes[at] ?? 0) & 1) === 1) return;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, 6).toString("hex");
    if (text === VIRTUAL_GATEWAY_MAC || text === "000000000000") return;
    const digest = this.digest(`mac ${text}`);
    for (let index = 3; index < 6; index++) bytes[at + index] = digest[index] ?? 0;
  }

  /** Ethernet has its MACs at the start, Linux cooked headers the sender's at 6 (v1) or 12 (v2). */
  private linkAddresses(bytes: Uint8Array, packet: Packet): void {
    if (packet.destinationMacHigh >= 0) {
      this.mac(bytes, packet.start);
      this.mac(bytes, packet.start + 6);
    } else if (packet.cookedType >= 0 && packet.sourceMacHigh >= 0) {
      this.mac(bytes, packet.start + (packet.cookedInterface >= 0 ? 12 : 6));
    }
  }

  private networkAddresses(view: DataView, packet: Packet): void {
    if (packet.kind === PacketKind.arp) {
      this.arp(view, packet.linkPayloadStart);
      return;
    }
    if (packet.ipVersion === 4) this.ipv4Header(view, packet.ipStart);
    if (packet.ipVersion === 6) this.ipv6Header(view, packet.ipStart);
    if (!packet.quoted.present) return;
    const quote = packet.ipPayloadStart + 8;
    if (view.getUint8(quote) >> 4 === 6) this.ipv6Header(view, quote);
    else this.ipv4Header(view, quote);
  }

  private ipv4Header(view: DataView, at: number): void {
    if (at + 20 > view.byteLength) return;
    this.ipv4At(view, at + 12);
    this.ipv4At(view, at + 16);
  }

  /** The interface identifiers of all addresses but the platform's and groups; the prefix stays. */
  private ipv6Header(view: DataView, at: number): void {
    if (at + 40 > view.byteLength) return;
    this.ipv6At(view, at + 8);
    this.ipv6At(view, at + 24);
  }

  private ipv6At(view: DataView, at: number): void {
    const isPlatform = view.getUint32(at + 8) === 0x00001234 && view.getUint32(at + 12) === 0x56789abc;
    if (view.getUint8(at) === 0xff || isPlatform) return;
    const digest = this.digest(`ip6 ${view.getUint32(at + 8)} ${view.getUint32(at + 12)}`);
    for (let index = 0; index < 8; index++) view.setUint8(at + 8 + index, digest[index] ?? 0);
  }

  private ipv4At(view: DataView, at: number): void {
    if (at + 4 <= view.byteLength) view.setUint32(at, this.address(view.getUint32(at)));
  }

  /** RFC 826 over Ethernet: sender's MAC 8, address 14, target's MAC 18, address 24. */
  private arp(view: DataView, at: number): void {
    if (at + 28 > view.byteLength) return;
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    this.mac(bytes, at + 8);
    this.ipv4At(view, at + 14);
    this.mac(bytes, at + 18);
    this.ipv4At(view, at + 24);
  }

  /** RFC 2131: ciaddr 12, yiaddr 16, siaddr 20, giaddr 24, chaddr 28; then the options that hold addresses and names. */
  private dhcpMessage(view: DataView, start: number, end: number): void {
    if (end - start < 240) return;
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (const field of [12, 16, 20, 24]) this.ipv4At(view, start + field);
    this.mac(bytes, start + 28);
    for (let at = start + 240; at + 1 < end; ) {
      const code = view.getUint8(at);
      if (code === 255) return;
      const length = code === 0 ? 0 : view.getUint8(at + 1);
      const value = at + 2;
      if (code !== 0 && value + length <= end) this.dhcpOption(view, bytes, code, value, length);
      at += code === 0 ? 1 : 2 + length;
    }
  }

  private dhcpOption(view: DataView, bytes: Uint8Array, code: number, at: number, length: number): void {
    if ([3, 6, 28, 42, 50, 54, 245].includes(code)) {
      for (let offset = 0; offset + 4 <= length; offset += 4) this.ipv4At(view, at + offset);
    } else if (code === 121 || code === 249) {
      this.classlessRoutes(view, at, at + length);
    } else if (code === 61 && length === 7) this.mac(bytes, at + 1);
    else if (code === 12 || code === 15) this.dottedText(bytes, at, at + length);
    else if (code === 81 || code === 61 || code === 119) bytes.fill(0x78, at + Math.min(3, length), at + length);
  }

  /** RFC 3442: prefix length, as many bytes of the destination as it needs, router. */
  private classlessRoutes(view: DataView, start: number, end: number): void {
    for (let at = start; at < end; ) {
      const significant = Math.ceil(view.getUint8(at) / 8);
      const router = at + 1 + significant;
      if (significant > 4 || router + 4 > end) return;
      let destination = 0;
      for (let index = 0; index < 4; index++) {
        destination = destination * 256 + (index < significant ? view.getUint8(at + 1 + index) : 0);
      }
      const mapped = this.address(destination);
      for (let index = 0; index < significant; index++)
        view.setUint8(at + 1 + index, (mapped >>> (24 - 8 * index)) & 0xff);
      this.ipv4At(view, router);
      at = router + 4;
    }
  }

  /** RFC 1035 section 4.1: names label by label where they stand, and the addresses of A and AAAA records. */
  private dnsMessage(view: DataView, start: number, end: number): void {
    if (end - start < 12) return;
    const questions = view.getUint16(start + 4);
    const records = view.getUint16(start + 6) + view.getUint16(start + 8) + view.getUint16(start + 10);
    let at = start + 12;
    for (let index = 0; index < questions && at >= 0; index++) at = this.dnsName(view, at, end) + 4;
    for (let index = 0; index < records && at >= 0 && at < end; index++) at = this.dnsRecord(view, at, end);
  }

  private dnsRecord(view: DataView, start: number, end: number): number {
    const fixed = this.dnsName(view, start, end);
    if (fixed < 0 || fixed + 10 > end) return -1;
    const type = view.getUint16(fixed);
    const data = fixed + 10;
    const next = data + view.getUint16(fixed + 8);
    if (next > end) return -1;
    if (type === 1 && next - data === 4) this.ipv4At(view, data);
    else if (type === 28 && next - data === 16) this.ipv6At(view, data);
    else if (type === 2 || type === 5 || type === 12) this.dnsName(view, data, next);
    else if (type === 6) this.dnsName(view, this.dnsName(view, data, next), next);
    else if (type === 15) this.dnsName(view, data + 2, next);
    else if (type === 33) this.dnsName(view, data + 6, next);
    else if (type !== 41) new Uint8Array(view.buffer, view.byteOffset + data, next - data).fill(0x78);
    return next;
  }

  /** Changes the labels that stand here and gives the offset behind the name; a pointer's labels are changed where they stand. -1 when cut. */
  private dnsName(view: DataView, start: number, end: number): number {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (let at = start; at >= 0 && at < end; ) {
      const length = view.getUint8(at);
      if (length === 0) return at + 1;
      if (length >= 0xc0) return at + 2;
      if (length > 63 || at + 1 + length > end) return -1;
      this.textAt(bytes, at + 1, at + 1 + length);
      at += 1 + length;
    }
    return -1;
  }

  /** A host header that holds a name; one that holds an address is the platform's own or was changed with the rest. */
  private hostHeader(bytes: Uint8Array, start: number, end: number): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
    const header = /^host:[ \t]*([^\r\n:]+)/im.exec(text);
    const value = header?.[1];
    if (header === null || value === undefined) return;
    const from = start + header.index + header[0].length - value.length;
    const words = value.split(".").map(Number);
    if (words.length === 4 && words.every((word) => word >= 0 && word <= 255))
      bytes.fill(0x78, from, from + value.length);
    else this.dottedText(bytes, from, from + value.length);
  }

  private dottedText(bytes: Uint8Array, start: number, end: number): void {
    let from = start;
    for (let at = start; at <= end; at++) {
      if (at < end && bytes[at] !== 0x2e) continue;
      this.textAt(bytes, from, at);
      from = at + 1;
    }
  }

  private textAt(bytes: Uint8Array, start: number, end: number): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
    bytes.set(Buffer.from(this.label(text), "latin1").subarray(0, end - start), start);
  }

  private bit(text: string): number {
    return (this.digest(text)[0] ?? 0) & 1;
  }

  private digest(text: string): Uint8Array {
    return createHmac("sha256", this.key).update(text).digest();
  }
}
