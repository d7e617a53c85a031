/**
 * Floods: traffic made to fill tables and buffers, or to take time for each packet that grows with their number. Each kind writes packet
 * `index` into `frame` and returns its length.
 */
import { address, ipFrame, TcpFlag, tcpFrame, udpFrame } from "./frames.mjs";

const MAC = { vm: Buffer.from("000d3a000001", "hex"), platform: Buffer.from("123456789abc", "hex") };
const VM_ADDRESS = address("10.0.0.4");
const PLATFORM_ADDRESS = address("168.63.129.16");
const NOTHING = Buffer.alloc(0);
const Protocol = { icmp: 1, udp: 17 };
/** More fragments are to come (RFC 791 section 3.1). */
const MORE_FRAGMENTS = 0x2000;

const vm = (port = 40_000, host = VM_ADDRESS, mac = MAC.vm) => ({ mac, address: host >>> 0, port });
const platform = (port = 80) => ({ mac: MAC.platform, address: PLATFORM_ADDRESS, port });
/** Of an index, a port that is not 0, and how often the ports were gone through. */
const portOf = (index) => 1 + (index % 65_535);
const roundOf = (index) => Math.floor(index / 65_535);

export const FLOODS = [
  { name: "syn-sources", what: "SYNs from as many addresses", packet: synFromSources },
  { name: "syn-ports", what: "SYNs from as many ports", packet: synFromPorts },
  { name: "syn-probes", what: "SYNs of the platform to as many ports of the VM", packet: synOfProbes },
  { name: "half-heads", what: "connections that each send half of an HTTP head", packet: halfHeads },
  { name: "requests", what: "requests on one connection, none answered, all different", packet: requests },
  { name: "dns-ids", what: "DNS questions that go through all identifiers", packet: dnsIdentifiers },
  { name: "dns-names", what: "DNS questions for as many names", packet: dnsNames },
  { name: "dns-answers", what: "DNS answers that nobody asked for", packet: dnsAnswers },
  { name: "fragments", what: "fragments of datagrams that never become whole", packet: fragments },
  { name: "overlaps", what: "segments that overlap in no order", packet: overlaps },
  { name: "holes", what: "segments with a hole between each two", packet: holes },
  { name: "acks", what: "acknowledgments of everything and nothing", packet: acknowledgments },
  { name: "icmp", what: "ICMP errors about connections that never were", packet: icmpErrors },
  { name: "macs", what: "questions from as many hardware addresses", packet: hardwareAddresses },
  { name: "dhcp", what: "DISCOVERs of as many clients", packet: discovers },
];

function segment(frame, from, to, sequence, flags, payload = NOTHING, acknowledgment = 0) {
  return tcpFrame(frame, from, to, { sequence, acknowledgment, flags, payload });
}

function synFromSources(index, frame) {
  return segment(frame, vm(portOf(index), address("10.0.0.0") + index), platform(), index, TcpFlag.syn);
}

function synFromPorts(index, frame) {
  return segment(frame, vm(portOf(index), VM_ADDRESS + roundOf(index)), platform(), index, TcpFlag.syn);
}

function synOfProbes(index, frame) {
  return segment(frame, platform(50_000 + roundOf(index)), vm(portOf(index)), index, TcpFlag.syn);
}

const HALF_HEAD = Buffer.from("GET /?comp=versions HTTP/1.1\r\nHost: 168.63.129.16\r\n");

function halfHeads(index, frame) {
  const connection = index >>> 1;
  const from = vm(portOf(connection), VM_ADDRESS + roundOf(connection));
  if ((index & 1) === 0) return segment(frame, from, platform(), connection, TcpFlag.syn);
  return segment(frame, from, platform(), connection + 1, TcpFlag.psh | TcpFlag.ack, HALF_HEAD);
}

const REQUEST_BYTES = 64;

function requests(index, frame) {
  const line = `GET /machine/${index}?comp=goalstate`.padEnd(REQUEST_BYTES - 14, "0");
  const flags = TcpFlag.psh | TcpFlag.ack;
  return segment(frame, vm(), platform(), 1 + index * REQUEST_BYTES, flags, Buffer.from(`${line} HTTP/1.1\r\n\r\n`));
}

function dnsMessage(identifier, name, isResponse) {
  const labels = name.split(".").map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]));
  const header = Buffer.alloc(12);
  header.writeUInt16BE(identifier & 0xffff, 0);
  header.writeUInt16BE(isResponse ? 0x8180 : 0x0100, 2);
  header.writeUInt16BE(1, 4);
  return Buffer.concat([header, ...labels, Buffer.of(0, 0, 1, 0, 1)]);
}

function dnsIdentifiers(index, frame) {
  const message = dnsMessage(index, `name-${index % 1000}.example`, false);
  return udpFrame(frame, vm(1024 + (index >>> 16)), platform(53), message);
}

function dnsNames(index, frame) {
  return udpFrame(frame, vm(portOf(index)), platform(53), dnsMessage(index, `name-${index}.flood.example`, false));
}

function dnsAnswers(index, frame) {
  return udpFrame(frame, platform(53), vm(portOf(index)), dnsMessage(index, `name-${index}.flood.example`, true));
}

const FRAGMENT = Buffer.alloc(1200);

function fragments(index, frame) {
  const control = { identification: index & 0xffff, fragment: MORE_FRAGMENTS | ((index % 8) * 10) };
  return ipFrame(frame, vm(), platform(), Protocol.udp, FRAGMENT, control);
}

const HUNDRED_BYTES = Buffer.alloc(100, "A");

function overlaps(index, frame) {
  return segment(frame, vm(), platform(), 1000 + ((index * 7919) % 1_000_000), TcpFlag.ack, HUNDRED_BYTES);
}

function holes(index, frame) {
  return segment(frame, vm(), platform(), 1000 + index * 200, TcpFlag.ack, HUNDRED_BYTES);
}

function acknowledgments(index, frame) {
  return segment(frame, vm(), platform(), 1000, TcpFlag.ack, NOTHING, Math.imul(index, 7919));
}

const QUOTE = Buffer.alloc(2048);

function icmpErrors(index, frame) {
  const quotedEnd = segment(QUOTE, vm(portOf(index)), platform(), index, TcpFlag.syn);
  const unreachable = Buffer.from("030d000000000000", "hex"); // administratively prohibited, RFC 1812 section 5.2.7.1
  const sender = { ...platform(), address: address("10.0.0.1") };
  return ipFrame(frame, sender, vm(), Protocol.icmp, Buffer.concat([unreachable, QUOTE.subarray(14, quotedEnd)]));
}

function hardwareAddresses(index, frame) {
  const mac = Buffer.alloc(6);
  mac.writeUIntBE(0x000d3a000000 + index, 0, 6);
  return udpFrame(
    frame,
    vm(portOf(index), VM_ADDRESS + index, mac),
    platform(53),
    dnsMessage(index, "a.example", false),
  );
}

/** The 244 bytes of a DISCOVER with option 53 alone (RFC 2131 section 2). */
function discovers(index, frame) {
  const message = Buffer.alloc(244);
  message.set([1, 1, 6]);
  message.writeUInt32BE(index, 4);
  message.writeUIntBE(0x000d3a000000 + index, 28, 6);
  message.set([0x63, 0x82, 0x53, 0x63, 53, 1, 1, 255], 236);
  return udpFrame(frame, vm(68, 0), { ...platform(67), address: 0xffffffff }, message);
}
