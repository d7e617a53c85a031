/** A capture whose every text wants to be more than text: names, targets, header fields and the interface hold markup and scripts. */
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { dnsBytes } from "./dns.ts";
import { ethernet, ipv4, tcp, udp } from "./packet-bytes.ts";
import { joined } from "./pcap-writer.ts";
import { PcapngWriter } from "./pcapng-writer.ts";

/** A script that runs leaves this name in the page's window. */
export const TRACE = "vipscopeWasHere";
const SCRIPT = `</script><script>${TRACE}=1</script>`;
const IMAGE = `"><img/src=x/onerror=${TRACE}=1>`;
const COMMENT = `<!--<script>${TRACE}=1//`;

const { syn, ack, psh } = TcpFlag;
const VM_PORT = 50_000;

/** The capture's bytes: lookups that get no answer, and a request that gets none, so that all of it is evidence too. */
export function hostileCapture(): Uint8Array<ArrayBuffer> {
  const writer = new PcapngWriter();
  const at = (seconds: number, bytes: Uint8Array): Uint8Array =>
    writer.packet({ ticks: BigInt(1_790_000_000_000_000 + seconds * 1_000_000), bytes });
  const names = [SCRIPT, IMAGE, COMMENT].map((label) => `${label}.example`);
  return joined([
    writer.section(),
    writer.interface({ name: IMAGE }),
    at(0, segment(true, syn, 1000, 0)),
    at(0.001, segment(false, syn | ack, 5000, 1001)),
    at(0.002, segment(true, ack, 1001, 5001)),
    at(0.003, segment(true, psh | ack, 1001, 5001, request())),
    ...names.flatMap((name, index) =>
      [0, 5, 10].map((second) => at(1 + index + second, question(name, index * 10 + second))),
    ),
    at(40, question("quiet.example", 99)),
  ]);
}

function request(): Uint8Array {
  const lines = [
    `GET /?comp=versions&a=${IMAGE}${SCRIPT} HTTP/1.1`,
    `Host: ${SCRIPT}`,
    `User-Agent: ${COMMENT}${SCRIPT}</style>`,
    `x-ms-agent-name: ${IMAGE}`,
  ];
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
}

function segment(
  byVm: boolean,
  flags: number,
  sequence: number,
  acknowledgment: number,
  payload: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const ports = byVm ? { sourcePort: VM_PORT, destinationPort: 80 } : { sourcePort: 80, destinationPort: VM_PORT };
  const sides = byVm ? {} : { source: "168.63.129.16", destination: "10.0.0.4" };
  const macs = byVm ? {} : { source: "123456789abc", destination: "000d3a000001" };
  return ethernet(ipv4(tcp(payload, { ...ports, sequence, acknowledgment, flags }), sides), macs);
}

function question(name: string, id: number): Uint8Array {
  const message = dnsBytes({ id, flags: 0x0100, questions: [{ name, type: 1 }] });
  return ethernet(ipv4(udp(message, { sourcePort: 40_000 + id, destinationPort: 53 }), { protocol: 17 }));
}
