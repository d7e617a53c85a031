/** A capture whose sender wants the terminal: DNS names, HTTP targets and headers, and DHCP host names full of escape sequences. */
import { ethernet, ipv4, joinBytes, tcp, udp, uint16, uint32 } from "./packet-bytes.ts";
import { captureOf, type TimedPacket } from "./segments.ts";

/** Sets the title, asks for an answer, clears, moves, writes, leaves the alternate screen, and turns the line's direction round. */
const HOSTILE = "\u001b]0;OWNED\u0007\u001b[6n\u001b[2J\u001b[H\u001b[31mOWN\u001b[?1049l\u009b2JED\u202e\r\n";

const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value, "utf8"));
const CLIENT = Uint8Array.of(0, 0x0d, 0x3a, 0, 0, 1);
const PORTS = {
  toDns: { sourcePort: 40_000, destinationPort: 53 },
  toHttp: { sourcePort: 40_001, destinationPort: 80 },
};

/** The file. */
export function terminalAttack(): Uint8Array {
  let atNs = 0;
  const packet = (bytes: Uint8Array): TimedPacket => {
    atNs += 1e6;
    return { atNs, bytes };
  };
  const toPlatform = (payload: Uint8Array, protocol: number): TimedPacket =>
    packet(ethernet(ipv4(payload, { protocol })));
  const fromPlatform = (payload: Uint8Array): TimedPacket =>
    packet(ethernet(ipv4(payload, ANSWER), { source: "123456789abc", destination: "000d3a000001" }));
  const request = text(
    `GET /${HOSTILE.replace(/\s/g, "")} HTTP/1.1\r\nHost: ${line(HOSTILE)}\r\nUser-Agent: ${line(HOSTILE)}\r\n\r\n`,
  );
  const response = text(`HTTP/1.1 500 ${line(HOSTILE)}\r\nContent-Length: 0\r\nServer: ${line(HOSTILE)}\r\n\r\n`);
  const back = { sourcePort: 80, destinationPort: 40_001 };
  return captureOf([
    packet(ethernet(ipv4(udp(discover(), { sourcePort: 68, destinationPort: 67 }), BROADCAST))),
    toPlatform(udp(question(), PORTS.toDns), 17),
    toPlatform(tcp(new Uint8Array(0), { ...PORTS.toHttp, sequence: 100, flags: 2 }), 6),
    fromPlatform(tcp(new Uint8Array(0), { ...back, sequence: 500, acknowledgment: 101, flags: 18 })),
    toPlatform(tcp(request, { ...PORTS.toHttp, sequence: 101, acknowledgment: 501, flags: 24 }), 6),
    fromPlatform(tcp(response, { ...back, sequence: 501, acknowledgment: 101 + request.length, flags: 24 })),
  ]);
}

const ANSWER = { protocol: 6, source: "168.63.129.16", destination: "10.0.0.4" };
const BROADCAST = { protocol: 17, source: "0.0.0.0", destination: "255.255.255.255" };

/** Without what would end a header line early. */
function line(value: string): string {
  return value.replace(/[\r\n]/g, "");
}

/** A query (RFC 1035 section 4.1) whose first label is hostile. */
function question(): Uint8Array {
  const label = text(HOSTILE).subarray(0, 63);
  const name = joinBytes(Uint8Array.of(label.length), label, Uint8Array.of(4), text("test"), Uint8Array.of(0));
  const header = joinBytes(uint16(7), uint16(0x0100), uint16(1), uint16(0), uint16(0), uint16(0));
  return joinBytes(header, name, uint16(1), uint16(1));
}

/** A DISCOVER (RFC 2131) whose host name, option 12, is hostile. */
function discover(): Uint8Array {
  const name = text(HOSTILE);
  const fixed = new Uint8Array(236);
  fixed.set(Uint8Array.of(1, 1, 6, 0, 1, 2, 3, 4));
  fixed.set(CLIENT, 28);
  const options = [Uint8Array.of(53, 1, 1), Uint8Array.of(12, name.length), name, Uint8Array.of(255)];
  return joinBytes(fixed, uint32(0x63825363), ...options);
}
