/** Traffic of a VM that has nothing to do with the platform: a few busy connections, and what else is on a network. */
import { address, TcpFlag, tcpFrame, udpFrame } from "./frames.mjs";

const VM = { mac: Buffer.from("000d3a112233", "hex"), address: address("10.0.0.4") };
const GATEWAY_MAC = Buffer.from("123456789abc", "hex");
const CONNECTIONS = 200;
const SEGMENT_BYTES = 1460;
/** Of a thousand packets: full segments, bare acknowledgments, short segments, datagrams of QUIC; the rest are IPv6. */
const FULL = 420;
const ACKNOWLEDGMENTS = 340;
const SHORT = 120;
const DATAGRAMS = 80;

/** Random packets of connections that go on all the time. */
export class OtherTraffic {
  #random;
  #payload = Buffer.alloc(SEGMENT_BYTES);
  #connections = [];

  constructor(random) {
    this.#random = random;
    for (let at = 0; at < SEGMENT_BYTES; at++) this.#payload[at] = random.below(256);
    for (let index = 0; index < CONNECTIONS; index++) {
      this.#connections.push({
        vm: { ...VM, port: 32_768 + index * 7 },
        peer: {
          mac: GATEWAY_MAC,
          address: address(`203.0.113.${1 + (index % 250)}`),
          port: index % 5 === 0 ? 22 : 443,
        },
        vmNext: random.below(0xffffffff),
        peerNext: random.below(0xffffffff),
      });
    }
  }

  /** The next packet, in `frame`; its length. */
  next(frame) {
    const random = this.#random;
    const connection = this.#connections[random.below(CONNECTIONS)];
    const byVm = random.below(3) === 0;
    const kind = random.below(1000);
    if (kind < FULL) return this.#segment(frame, connection, byVm, SEGMENT_BYTES);
    if (kind < FULL + ACKNOWLEDGMENTS) return this.#segment(frame, connection, !byVm, 0);
    if (kind < FULL + ACKNOWLEDGMENTS + SHORT) return this.#segment(frame, connection, byVm, 40 + random.below(900));
    const { vm, peer } = connection;
    const length = 200 + random.below(1100);
    const [from, to] = byVm ? [vm, peer] : [peer, vm];
    const end = udpFrame(frame, from, to, this.#payload.subarray(0, length));
    return kind < FULL + ACKNOWLEDGMENTS + SHORT + DATAGRAMS ? end : toIpv6(frame, end);
  }

  #segment(frame, connection, byVm, length) {
    const { vm, peer } = connection;
    const payload = this.#payload.subarray(0, length);
    const flags = length === 0 ? TcpFlag.ack : TcpFlag.ack | TcpFlag.psh;
    if (byVm) {
      const sequence = connection.vmNext;
      connection.vmNext = (sequence + length) >>> 0;
      return tcpFrame(frame, vm, peer, { sequence, acknowledgment: connection.peerNext, flags, payload });
    }
    const sequence = connection.peerNext;
    connection.peerNext = (sequence + length) >>> 0;
    return tcpFrame(frame, peer, vm, { sequence, acknowledgment: connection.vmNext, flags, payload });
  }
}

/** Gives a datagram's frame an IPv6 header instead of its IPv4 one. Its checksum becomes wrong, as one that a NIC fills in later. */
function toIpv6(frame, end) {
  const udpStart = 34;
  const length = end - udpStart;
  frame.copyWithin(udpStart + 20, udpStart, end);
  frame.writeUInt16BE(0x86dd, 12);
  frame.fill(0, 14, 54);
  frame[14] = 0x60;
  frame.writeUInt16BE(length, 18);
  frame[20] = 17;
  frame[21] = 64;
  frame.write("fd000000000000000000000000000004fd000000000000000000000000000009", 22, "hex");
  return end + 20;
}
