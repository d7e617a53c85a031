import { expect, test } from "vitest";
import { MAX_FRAGMENTED_DATAGRAMS } from "../../src/limits.ts";
import type { CaptureProblem, Report } from "../../src/report/report.ts";
import { analyzeBytes } from "../support/analyze.ts";
import { ethernet, hex, icmp, ipv4, joinBytes, tcp, udp, uint16 } from "../support/packet-bytes.ts";
import { pcapFile } from "../support/pcap-writer.ts";

const PLATFORM = "168.63.129.16";
const VM = "10.0.0.4";
const FROM_PLATFORM = { source: PLATFORM, destination: VM };

/** The problems that the report of these frames tells; they come a millisecond apart. */
async function problemsOf(frames: readonly Uint8Array[]): Promise<CaptureProblem[]> {
  const packets = frames.map((bytes, index) => ({ seconds: 1 + index / 1000, fraction: 0, bytes }));
  const whole = packets.map((packet) => ({ ...packet, seconds: Math.floor(packet.seconds) }));
  return (await analyzeBytes(pcapFile(whole))).report.capture.problems;
}

const codes = (problems: readonly CaptureProblem[]): string[] => problems.map(({ code }) => code);

function dnsQuery(id: number, name: Uint8Array): Uint8Array {
  return joinBytes(uint16(id), hex("01000001000000000000"), name, hex("00010001"));
}

function dnsAnswer(id: number): Uint8Array {
  return joinBytes(uint16(id), hex("81800001000000000000"), hex("016100"), hex("00010001"));
}

/** Handshake of a connection to port 80. */
const OPENING = [
  ethernet(ipv4(tcp(hex(""), { sequence: 99, flags: 2 }))),
  ethernet(
    ipv4(
      tcp(hex(""), { sourcePort: 80, destinationPort: 40_000, sequence: 499, acknowledgment: 100, flags: 0x12 }),
      FROM_PLATFORM,
    ),
  ),
  ethernet(ipv4(tcp(hex(""), { sequence: 100, acknowledgment: 500, flags: 0x10 }))),
];

/** A request's bytes on that connection. */
function requestSegment(text: string, sequence: number): Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(text, "latin1"));
  return ethernet(ipv4(tcp(bytes, { sequence, acknowledgment: 500, flags: 0x18 })));
}

test("a malformed header is told with its kind, how often it came, and where first", async () => {
  const sound = ethernet(ipv4(udp(dnsQuery(1, hex("016100"))), { protocol: 17 }));
  const short = ethernet(ipv4(udp(dnsQuery(2, hex("016100")), { lengthBytes: 4 }), { protocol: 17 }));
  expect(await problemsOf([sound, short, short])).toEqual([
    {
      source: 0,
      code: "udp-bad-length",
      message:
        "Malformed UDP header: its length is shorter than its header or longer than its packet, first in frame 2. What could be read was used.",
      offsetBytes: 24 + 16 + sound.length + 16,
      count: 2,
    },
  ]);
});

test("kinds of different layers are told apart", async () => {
  const badOffset = ethernet(ipv4(tcp(hex(""), {}))).with(14 + 20 + 12, 0x10);
  const badQuote = ethernet(ipv4(icmp(3, 3, 0, hex("00000000")), { ...FROM_PLATFORM, protocol: 1 }));
  const problems = await problemsOf([badOffset, badQuote, badOffset]);
  expect(problems.map(({ code, count }) => [code, count])).toContainEqual(["tcp-bad-data-offset", 2]);
});

test("a DNS name with a label of a reserved kind is told as such", async () => {
  const query = ethernet(ipv4(udp(dnsQuery(1, hex("80610100"))), { protocol: 17 }));
  expect(codes(await problemsOf([query]))).toEqual(["dns-bad-label"]);
});

test("answers are looked at too, each kind once with its number and first place", async () => {
  const query = (id: number): Uint8Array => ethernet(ipv4(udp(dnsQuery(id, hex("016100"))), { protocol: 17 }));
  const answer = (id: number, record: string): Uint8Array => {
    const message = joinBytes(uint16(id), hex("818000010001000000000161000001 0001"), hex(record));
    return ethernet(
      ipv4(udp(message, { sourcePort: 53, destinationPort: 40_000 }), { ...FROM_PLATFORM, protocol: 17 }),
    );
  };
  const [sound, loop, shortAddress] = ["c00c000100010000003c00040a000001", "c013", "c00c000100010000003c00030a0000"];
  const problems = await problemsOf([
    ...[query(1), answer(1, sound ?? ""), query(2), answer(2, loop ?? "")],
    ...[query(3), answer(3, shortAddress ?? ""), query(4), answer(4, shortAddress ?? "")],
  ]);
  expect(problems.map(({ code, count, message }) => [code, count, /frame \d+/.exec(message)?.[0]])).toEqual([
    ["dns-pointer-loop", 1, "frame 4"],
    ["dns-bad-rdata", 2, "frame 6"],
  ]);
});

test("an answer that the capture cut is not called malformed", async () => {
  const message = joinBytes(uint16(1), hex("818000010001000000000161000001 0001 c00c00010001"));
  const whole = ethernet(
    ipv4(udp(joinBytes(message, hex("0000003c00040a000001")), { sourcePort: 53, destinationPort: 40_000 }), {
      ...FROM_PLATFORM,
      protocol: 17,
    }),
  );
  const cut = { seconds: 1, fraction: 0, bytes: whole.subarray(0, whole.length - 10), wireBytes: whole.length };
  expect((await analyzeBytes(pcapFile([cut]))).report.capture.problems).toEqual([]);
});

test("a stream that is no HTTP where a request should begin is told", async () => {
  expect(codes(await problemsOf([...OPENING, requestSegment("\x16\x03\x01\x02\x00hello", 100)]))).toEqual([
    "http-bad-start-line",
  ]);
});

test("a connection that was captured from its middle is not called malformed", async () => {
  expect(await problemsOf([requestSegment("the rest of some body", 100)])).toEqual([]);
});

test("more pipelined requests than wait at once are told, with their number", async () => {
  const request = "GET /?comp=versions HTTP/1.1\r\n\r\n";
  const requests = Array.from({ length: 300 }, (_, index) => requestSegment(request, 100 + index * request.length));
  const problems = await problemsOf([...OPENING, ...requests]);
  expect(problems.map(({ code, count }) => [code, count])).toEqual([["limit-http-pipelined", 44]]);
});

test("more NICs than are told apart are told", async () => {
  const frames = Array.from({ length: 300 }, (_, index) =>
    ethernet(ipv4(udp(dnsQuery(index, hex("016100")), { sourcePort: 1024 + index }), { protocol: 17 }), {
      source: `000d3a00${index.toString(16).padStart(4, "0")}`,
    }),
  );
  expect(codes(await problemsOf(frames))).toEqual(["limit-nics"]);
});

test("more answers without a query than are judged are told", async () => {
  const query = ethernet(ipv4(udp(dnsQuery(0, hex("016100"))), { protocol: 17 }));
  const answers = Array.from({ length: 1200 }, (_, index) =>
    ethernet(
      ipv4(udp(dnsAnswer(index + 1), { sourcePort: 53, destinationPort: 40_000 }), { ...FROM_PLATFORM, protocol: 17 }),
    ),
  );
  const problems = await problemsOf([query, ...answers]);
  expect(problems.map(({ code, count }) => [code, count])).toEqual([["limit-dns-mismatches", 200]]);
});

test("more queries than are waited for at once are told, and none is lost from the count", async () => {
  const frames = Array.from({ length: 66_000 }, (_, index) =>
    ethernet(
      ipv4(udp(dnsQuery(index & 0xffff, hex("016100")), { sourcePort: 1024 + (index >>> 4) }), { protocol: 17 }),
    ),
  );
  const problems = await problemsOf(frames);
  expect(codes(problems)).toContain("limit-dns-outstanding");
}, 60_000);

test("more probed endpoints than are told apart are told", async () => {
  const frames = Array.from({ length: 17_000 }, (_, index) =>
    ethernet(
      ipv4(tcp(hex(""), { sourcePort: 50_000, destinationPort: 1 + index, flags: 2 }), {
        ...FROM_PLATFORM,
      }),
    ),
  );
  const problems = await problemsOf(frames);
  expect(codes(problems)).toContain("limit-probed-endpoints");
});

/** The report's limits, for frames that come a millisecond apart. */
async function limitsOf(frames: readonly Uint8Array[]): Promise<Report["limits"]> {
  const packets = frames.map((bytes, index) => ({ seconds: 1 + Math.floor(index / 1000), fraction: 0, bytes }));
  return (await analyzeBytes(pcapFile(packets))).report.limits;
}

test("a head that is longer than is read is told, and the connection goes on as one", async () => {
  const head = `GET /?comp=versions HTTP/1.1\r\nx: ${"y".repeat(70_000)}\r\n\r\n`;
  const pieces = head.match(/.{1,1400}/gs) ?? [];
  const segments = pieces.map((piece, index) => requestSegment(piece, 100 + index * 1400));
  expect(codes(await problemsOf([...OPENING, ...segments]))).toEqual(["http-head-too-long"]);
});

test("a name longer than any may be is told", async () => {
  const name = joinBytes(
    ...Array.from({ length: 5 }, () => joinBytes(hex("3f"), new Uint8Array(63).fill(0x61))),
    hex("00"),
  );
  const query = ethernet(ipv4(udp(dnsQuery(1, name)), { protocol: 17 }));
  expect(codes(await problemsOf([query]))).toEqual(["dns-name-too-long"]);
});

test("what a stream holds behind a hole is bounded, and what was given up is counted", async () => {
  const piece = "x".repeat(1400);
  const segments = Array.from({ length: 800 }, (_, index) => requestSegment(piece, 5000 + index * 1400));
  const limits = await limitsOf([...OPENING, ...segments]);
  expect(limits.bytesNotReassembled).toBe(4900);
});

test("more fragmented datagrams than are put together at once are counted", async () => {
  const fragments = Array.from({ length: 300 }, (_, index) =>
    ethernet(ipv4(new Uint8Array(800), { protocol: 17, identification: index, moreFragments: true })),
  );
  const limits = await limitsOf(fragments);
  expect(limits.bytesNotReassembled).toBe((300 - MAX_FRAGMENTED_DATAGRAMS) * 800);
});
