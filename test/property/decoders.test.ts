/**
 * Every decoder of messages, and every reader of texts from outside, on random bytes and on valid messages that were changed, cut and spliced:
 * none throws anything but what it declares, and none reads a byte outside of what it is given. Headers have a file of their own.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TextPool } from "../../src/bytes/text-pool.ts";
import { foreignFormat } from "../../src/capture/foreign.ts";
import { droppedIn } from "../../src/capture/live/dropped.ts";
import { parseLeases } from "../../src/capture/live/lease-files.ts";
import { defaultRoute, parseIpv4Routes } from "../../src/capture/live/routes.ts";
import { parseNetwork, parseRange } from "../../src/check/firewall/conditions.ts";
import { parseIptablesSave } from "../../src/check/firewall/iptables-save.ts";
import { type FilteredPacket, hitsOf } from "../../src/check/firewall/model.ts";
import { parseNftRuleset } from "../../src/check/firewall/nft-ruleset.ts";
import { goesPastProxy } from "../../src/check/no-proxy.ts";
import { parseConfig } from "../../src/cli/config.ts";
import { readErrorBody, readGoalState, readHealthReport } from "../../src/decode/agent-bodies.ts";
import { decodePacket } from "../../src/decode/decode-packet.ts";
import { decodeDhcp, dhcpMessageType } from "../../src/decode/dhcp.ts";
import {
  dhcpAddresses,
  dhcpOptionText,
  dhcpRoutes,
  dhcpSeconds,
  dhcpText,
  dhcpValue,
} from "../../src/decode/dhcp-options.ts";
import { dnsTcpMessageEnd, questionEnd } from "../../src/decode/dns.ts";
import { decodeHttpHead } from "../../src/decode/http.ts";
import { httpHeader, httpMethod, httpReason, httpTarget, httpTargetText } from "../../src/decode/http-fields.ts";
import { bodyMethod, httpRequestBody, httpResponseBody } from "../../src/decode/http-framing.ts";
import { Packet } from "../../src/decode/packet.ts";
import { decodeProxyHeader, mayBecomeProxyHeader } from "../../src/decode/proxy-protocol.ts";
import { decodeTls, mayBeTls, TlsReader, tlsOutcome } from "../../src/decode/tls.ts";
import { decodeClientHello, decodeServerHello } from "../../src/decode/tls-hello.ts";
import { describePacket } from "../../src/report/describe-packet.ts";
import { layerLines } from "../../src/report/packet-layers.ts";
import { NotAReport, readReport } from "../../src/report/read-report.ts";
import { DnsQuestion } from "../../src/service/dns-question.ts";
import { HttpHead, mayEndHead, plausibleStart, scanHead } from "../../src/service/http-head.ts";
import { internIncarnation } from "../../src/service/incarnation.ts";
import { UsageError } from "../../src/settings/usage-error.ts";
import { damagedPacket, randomPacket } from "../support/arbitrary-packet.ts";
import { damaged, damagedText } from "../support/damaged.ts";
import { blockAround } from "../support/decode-in-block.ts";
import { describeDns } from "../support/dns.ts";
import { readExamples } from "../support/examples.ts";

const RUNS = { numRuns: 300 };

type Decode = (view: DataView, start: number, end: number) => unknown;

const examples = (name: string): Uint8Array[] =>
  readExamples(new URL(`../decode/${name}.md`, import.meta.url)).map(({ bytes }) => bytes);
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));

const SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
const PROXY_HEADERS = [
  "PROXY TCP4 10.0.0.4 168.63.129.16 40000 80\r\nGET / HTTP/1.1\r\n\r\n",
  "PROXY TCP6 2001:db8::1 fe80::2 1 65535\r\n",
  "PROXY UNKNOWN whatever\r\n",
  `${SIGNATURE}\x21\x11\0\x0c${"\x0a\0\0\x04".repeat(2)}\x9c\x40\0\x50`,
  `${SIGNATURE}\x21\x21\0\x26${"\0".repeat(36)}\xff\xff`,
].map(latin1);
const BODIES = [
  '<?xml version="1.0"?><Health><GoalStateIncarnation>1</GoalStateIncarnation><State>NotReady</State><SubStatus>Provisioning</SubStatus><Description>a &amp; &#x62;</Description></Health>',
  "<GoalState><Version>2012-11-30</Version><Incarnation>16</Incarnation><ContainerId>c6d5526c</ContainerId></GoalState>",
  '{"error":{"code":"InvalidContainerId","message":"x\\u0041"}}',
  "<Error><Code>ResourceGone</Code><Message>The resource is no longer there</Message></Error>",
].map(latin1);

const dns = examples("dns");
const http = examples("http");
const tls = examples("tls");

function describeDhcp(view: DataView, start: number, end: number): unknown {
  const message = decodeDhcp(view, start, end);
  const { options, ...rest } = message;
  const told = options.map((option) => [option.code, dhcpValue(option), dhcpOptionText(option)]);
  const asked = [1, 3, 12, 51, 121, 245, 249].map((code) => [
    dhcpAddresses(message, code),
    dhcpSeconds(message, code),
    dhcpText(message, code),
  ]);
  return { ...rest, told, asked, routes: dhcpRoutes(message), type: dhcpMessageType(message) };
}

function describeHttp(view: DataView, start: number, end: number): unknown {
  const head = decodeHttpHead(view, start, end);
  const told = [httpMethod(view, head), httpTargetText(view, head), httpReason(view, head)];
  const fields = ["host", "content-length", "transfer-encoding"].map((name) => httpHeader(view, head, name));
  const bodies =
    head.kind === null ? [] : [bodyMethod(view, head), httpRequestBody(view, head), httpResponseBody(view, head, null)];
  return [head, told, httpTarget(view, head), fields, bodies];
}

function describeScannedHead(view: DataView, start: number, end: number): unknown {
  const head = new HttpHead();
  const scanned = scanHead(view, start, end, head);
  return [scanned, head, plausibleStart(view, start, end), mayEndHead(view, start, end, 0x0a)];
}

function describeTls(view: DataView, start: number, end: number): unknown {
  const reader = decodeTls(view, start, end);
  const skipping = new TlsReader();
  const middle = start + ((end - start) >> 1);
  skipping.consume(view, start, middle);
  skipping.skip(7);
  skipping.consume(view, middle, end);
  const hellos = [decodeClientHello(view, start, end), decodeServerHello(view, start, end)];
  const { clientHello, serverHello, alerts, handshakeTypes, problem } = reader;
  return [clientHello, serverHello, alerts, handshakeTypes, problem, hellos, tlsOutcome(reader, skipping)];
}

function describeQuestion(view: DataView, start: number, end: number): unknown {
  if (end - start < 12) return null;
  const question = new DnsQuestion();
  question.read(view, start, end);
  const { present, whole, type, hash } = question;
  return [present, whole, type, hash, question.text(), question.hasName(view, start, end)];
}

const DECODERS: readonly (readonly [name: string, samples: readonly Uint8Array[], decode: Decode])[] = [
  ["DNS messages", dns, describeDns],
  ["DNS questions", dns, describeQuestion],
  ["the ends of DNS questions", dns, questionEnd],
  ["DNS over TCP", dns, (view, start, end) => dnsTcpMessageEnd(view, start, end)],
  ["DHCP messages", examples("dhcp"), describeDhcp],
  ["HTTP heads", http, describeHttp],
  ["HTTP heads of the services", http, describeScannedHead],
  ["TLS", tls, describeTls],
  ["the first bytes of TLS", tls, mayBeTls],
  ["PROXY headers", PROXY_HEADERS, decodeProxyHeader],
  ["the first bytes of PROXY headers", PROXY_HEADERS, mayBecomeProxyHeader],
  ["health reports", BODIES, readHealthReport],
  ["goal states", BODIES, readGoalState],
  ["error bodies", BODIES, readErrorBody],
  ["incarnations", BODIES, (view, start, end) => internIncarnation(new TextPool(), view, start, end)],
];

/** What was decoded, with the view itself left out. */
function shown(decoded: unknown): string {
  return JSON.stringify(decoded, (_, value) => (value instanceof DataView ? "" : value)) ?? "";
}

describe("whatever comes, nothing is thrown and nothing outside is read", () => {
  test.each(DECODERS)("%s", (_, samples, decode) => {
    fc.assert(
      fc.property(damaged(samples), (bytes) => {
        const [zeros, ones] = [0x00, 0xff].map((filler) => {
          const { view, start, end } = blockAround(bytes, filler);
          return shown(decode(view, start, end));
        });
        expect(ones).toBe(zeros);
        decode(new DataView(bytes.slice().buffer), 0, bytes.length);
      }),
      RUNS,
    );
  });

  test("packets in words", () => {
    fc.assert(
      fc.property(fc.oneof(damagedPacket, randomPacket), ({ linkType, bytes }) => {
        const packet = new Packet();
        decodePacket(linkType, new DataView(bytes.slice().buffer), 0, bytes.length, bytes.length, packet);
        const lines = [describePacket(packet), ...layerLines(packet, linkType)];
        for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
      { numRuns: 1500 },
    );
  });

  test("files that are no captures", () => {
    const samples = [
      "ustar\0".padStart(263, "x"),
      "tcpdump: listening",
      "0000  0a 0b 0c",
      '{"a":1}',
      "<?xml",
      "PK\x03\x04",
    ];
    fc.assert(
      fc.property(damaged(samples.map(latin1), 300), (bytes) => {
        foreignFormat(bytes, "'file'");
      }),
      RUNS,
    );
  });
});

const LEASES = [
  'lease {\n  interface "eth0";\n  fixed-address 10.0.0.4;\n  option dhcp-server-identifier 168.63.129.16;\n  option unknown-245 a8:3f:81:10;\n  option rfc3442-classless-static-routes 32,168,63,129,16,10,0,0,1;\n}\n',
  "ADDRESS=10.0.0.4\nSERVER_ADDRESS=168.63.129.16\nROUTES=168.63.129.16/32,10.0.0.1\nOPTION_245=a83f8110\n",
];
const ROUTES = [
  "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\neth0\t00000000\t0100000A\t0003\t0\t0\t100\t00000000\n",
];
const IPTABLES = [
  "*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT DROP [0:0]\n:OWN - [0:0]\n-A OUTPUT -d 168.63.129.16/32 -p tcp -m multiport --dports 79,80:90 -j OWN\n-A OWN -m owner ! --uid-owner 0 -j DROP\n-A OWN -j OWN\nCOMMIT\n",
];
const NFT = [
  '{"nftables":[{"table":{"family":"inet","name":"t"}},{"chain":{"family":"inet","table":"t","name":"o","hook":"output","policy":"drop"}},{"rule":{"family":"inet","table":"t","chain":"o","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"ip","field":"daddr"}},"right":{"prefix":{"addr":"168.63.0.0","len":16}}}},{"drop":null}]}}]}',
];
const PACKET: FilteredPacket = {
  ...{ direction: "outbound", protocol: "tcp", source: "10.0.0.4", destination: "168.63.129.16", sourcePort: null },
  ...{ destinationPort: 80, state: "new", uid: 0, interface: "eth0" },
};

/** `refusal` is what a reader may throw. */
const READERS: readonly (readonly [
  name: string,
  samples: readonly string[],
  read: (text: string) => unknown,
  refusal: (new (...words: never[]) => Error) | null,
])[] = [
  ["lease files", LEASES, (text) => parseLeases(text, "dhclient", "/leases/2", "2"), null],
  ["routes", ROUTES, (text) => defaultRoute(parseIpv4Routes(text)), null],
  [
    "drop counts of capture programs",
    ["1234 packets dropped by kernel", "Packets received/dropped on interface 'eth0': 5/6"],
    droppedIn,
    null,
  ],
  ["iptables rules", IPTABLES, (text) => hitsOf(parseIptablesSave(text, "iptables"), PACKET), null],
  ["nftables rules", NFT, (text) => hitsOf(parseNftRuleset(text, []), PACKET), null],
  ["networks", ["168.63.129.16/32", "10.0.0.0/8", "::/0"], parseNetwork, null],
  ["ranges", ["80", "79-90", "79:90"], parseRange, null],
  [
    "exceptions of a proxy",
    [".azure.com,168.63.129.16, 10.0.0.0/8,*"],
    (text) => goesPastProxy(text, "168.63.129.16"),
    null,
  ],
  [
    "configuration files",
    ['{"thresholds":{"dnsSlowMs":100},"only":["dns-slow"],"ignore":[]}'],
    (text) => parseConfig(text, "c.json"),
    UsageError,
  ],
  [
    "reports",
    [
      readFileSync("test/golden/classic.json", "utf8").slice(0, 4000),
      '{"schemaVersion":1,"capture":{"startedAt":null,"durationMs":null,"packets":0},"services":[],"flows":[],"anomalies":[]}',
    ],
    readReport,
    NotAReport,
  ],
];

describe("whatever a text holds, its reader throws nothing but its refusal", () => {
  test.each(READERS)("%s", (_, samples, read, refusal) => {
    for (const sample of samples.filter((one) => refusal === null || one.endsWith("]}"))) read(sample);
    fc.assert(
      fc.property(fc.oneof(damagedText(samples), fc.string(), fc.json()), (text) => {
        try {
          read(text);
        } catch (error) {
          if (refusal === null || !(error instanceof refusal)) throw error;
        }
      }),
      RUNS,
    );
  });
});
