/** Ethernet frames with right checksums. Each function fills `frame` and returns the frame's length. */

const ETHERNET_BYTES = 14;
const IPV4_BYTES = 20;
const IP_START = ETHERNET_BYTES;
const PAYLOAD_START = IP_START + IPV4_BYTES;
const Protocol = { tcp: 6, udp: 17 };
const DONT_FRAGMENT = 0x4000;

export const TcpFlag = { fin: 0x01, syn: 0x02, psh: 0x08, ack: 0x10 };
/** What every SYN offers: segments of 1460 bytes, selective acknowledgments, windows of 7 bits more. */
const SYN_OPTIONS = Buffer.from("020405b40101040201030307", "hex");

/** A four-byte address. */
export function address(text) {
  return Buffer.from(text.split(".").map(Number)).readUInt32BE(0);
}

/** A segment of `from` to `to`, each `{ mac, address, port }`; `payload` is bytes. */
export function tcpFrame(frame, from, to, { sequence, acknowledgment, flags, payload }) {
  const options = (flags & TcpFlag.syn) === 0 ? 0 : SYN_OPTIONS.length;
  const headerBytes = 20 + options;
  const at = PAYLOAD_START;
  frame.writeUInt16BE(from.port, at);
  frame.writeUInt16BE(to.port, at + 2);
  frame.writeUInt32BE(sequence >>> 0, at + 4);
  frame.writeUInt32BE(acknowledgment >>> 0, at + 8);
  frame[at + 12] = headerBytes << 2;
  frame[at + 13] = flags;
  frame.writeUInt16BE(0xfaf0, at + 14);
  frame.writeUInt32BE(0, at + 16);
  if (options > 0) frame.set(SYN_OPTIONS, at + 20);
  frame.set(payload, at + headerBytes);
  return finish(frame, from, to, Protocol.tcp, headerBytes + payload.length, at + 16);
}

/** A datagram. */
export function udpFrame(frame, from, to, payload) {
  const at = PAYLOAD_START;
  frame.writeUInt16BE(from.port, at);
  frame.writeUInt16BE(to.port, at + 2);
  frame.writeUInt16BE(8 + payload.length, at + 4);
  frame.writeUInt16BE(0, at + 6);
  frame.set(payload, at + 8);
  return finish(frame, from, to, Protocol.udp, 8 + payload.length, at + 6);
}

/** An IP packet with any payload; `identification` and `fragment` (flags and offset) as they stand in the header. */
export function ipFrame(frame, from, to, protocol, payload, { identification = 0, fragment = 0 } = {}) {
  frame.set(payload, PAYLOAD_START);
  const end = PAYLOAD_START + payload.length;
  headers(frame, from, to, protocol, payload.length, (identification << 16) | fragment);
  return end;
}

/** Puts the headers before a payload of `length` bytes, and its checksum where it belongs. */
function finish(frame, from, to, protocol, length, checksumAt) {
  headers(frame, from, to, protocol, length, DONT_FRAGMENT);
  const end = PAYLOAD_START + length;
  const pseudo = words(from.address) + words(to.address) + protocol + length;
  frame.writeUInt16BE(checksum(frame, PAYLOAD_START, end, pseudo), checksumAt);
  return end;
}

function headers(frame, from, to, protocol, length, fragmentWord) {
  frame.set(to.mac, 0);
  frame.set(from.mac, 6);
  frame.writeUInt16BE(0x0800, 12);
  frame.writeUInt32BE((0x4500 << 16) | (IPV4_BYTES + length), IP_START);
  frame.writeUInt32BE(fragmentWord >>> 0, IP_START + 4);
  frame.writeUInt32BE(((64 << 24) | (protocol << 16)) >>> 0, IP_START + 8);
  frame.writeUInt32BE(from.address, IP_START + 12);
  frame.writeUInt32BE(to.address, IP_START + 16);
  frame.writeUInt16BE(checksum(frame, IP_START, PAYLOAD_START, 0), IP_START + 10);
}

function words(word) {
  return (word >>> 16) + (word & 0xffff);
}

/** The Internet checksum (RFC 1071) of `[start, end)`, begun with `sum`. */
function checksum(bytes, start, end, sum) {
  let total = sum;
  let at = start;
  for (; at + 1 < end; at += 2) total += (bytes[at] << 8) | bytes[at + 1];
  if (at < end) total += bytes[at] << 8;
  while (total > 0xffff) total = (total >>> 16) + (total & 0xffff);
  return ~total & 0xffff;
}
