import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dnsTypeText } from "../../src/decode/dns-codes.ts";
import { rdataText } from "../../src/decode/dns-rdata.ts";
import { nameBytes } from "../support/dns.ts";
import { hexBytes, placed } from "../support/examples.ts";
import { hasTool } from "../support/tools.ts";

/** Type, data, and its text. Names stand uncompressed, so the message around them does not matter. */
const RECORDS: readonly (readonly [number, string, string])[] = [
  [1, "a8 3f 81 10", "168.63.129.16"],
  [2, '03 "ns1" 04 "test" 00', "ns1.test"],
  [5, "00", "."],
  [
    6,
    '02 "ns" 00 04 "root" 00 78 00 00 01 00 00 0e 10 00 00 02 58 00 12 75 00 00 00 00 3c',
    "ns root 2013265921 3600 600 1209600 60",
  ],
  [12, '02 "vm" 08 "internal" 08 "cloudapp" 03 "net" 00', "vm.internal.cloudapp.net"],
  [13, '03 "X86" 05 "LINUX"', '"X86" "LINUX"'],
  [15, '00 0a 04 "mail" 00', "10 mail"],
  [16, '0b "v=spf1 -all" 00 04 22 5c 0a ff', '"v=spf1 -all" "" "\\"\\\\\\010\\255"'],
  [17, '01 "m" 00 01 "t" 00', "m t"],
  [18, '00 01 03 "afs" 00', "1 afs"],
  [28, "fe 80 00 00 00 00 00 00 00 00 12 34 56 78 9a bc", "fe80::1234:5678:9abc"],
  [29, "00 12 16 13 8b 0d 2c 8c 7f f8 fc a5 00 98 96 80", "51 30 12.748 N 0 7 39.611 W 0.00m 1.00m 10000.00m 10.00m"],
  [33, '00 01 00 02 15 b3 03 "sip" 00', "1 2 5555 sip"],
  [35, '00 64 00 0a 01 "u" 07 "E2U+sip" 0d "!^.*$!sip:a!i" 00', '100 10 "u" "E2U+sip" "!^.*$!sip:a!i" .'],
  [36, '00 01 01 "k" 00', "1 k"],
  [39, '04 "test" 00', "test"],
  [
    43,
    "ec 45 05 01 2b b1 83 af 5f 22 58 81 79 a5 3b 0a 98 63 1f ad 1a 29 21 18",
    "60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118",
  ],
  [
    44,
    "02 01 12 34 56 78 9a bc de f6 78 90 12 34 56 78 9a bc de f6 78 90",
    "2 1 123456789abcdef67890123456789abcdef67890",
  ],
  [
    46,
    '00 01 05 03 00 01 51 80 3e 72 50 27 3e 4a c3 27 0a 52 07 "example" 03 "com" 00 a0 90 75',
    "A 5 3 86400 20030314215655 20030212215655 2642 example.com oJB1",
  ],
  [
    47,
    '04 "host" 07 "example" 03 "com" 00 00 06 40 01 00 00 00 03 04 1b 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 20',
    "host.example.com A MX RRSIG NSEC TYPE1234",
  ],
  [48, "01 01 03 08 03 01 00 01", "257 3 8 AwEAAQ=="],
  [
    50,
    "01 01 00 0c 04 aa bb cc dd 14 17 4e b2 40 9f e2 8b cb 48 87 a1 83 6f 95 7f 0a 84 25 e2 7b 00 07 22 01 00 00 00 02 90",
    "1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA MX RRSIG DNSKEY NSEC3PARAM",
  ],
  [51, "01 00 00 00 00", "1 0 0 -"],
  [52, "03 01 01 d2 ab de 24", "3 1 1 d2abde24"],
  [
    59,
    "ec 45 05 01 2b b1 83 af 5f 22 58 81 79 a5 3b 0a 98 63 1f ad 1a 29 21 18",
    "60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118",
  ],
  [62, "00 00 00 42 00 03 00 04 60 00 00 08", "66 3 A NS AAAA"],
  [64, '00 00 03 "svc" 07 "example" 00', "0 svc.example"],
  [
    65,
    '00 01 00 00 01 00 06 02 "h2" 02 "h3" 00 03 00 02 01 bb 00 04 00 08 5d b8 d8 22 01 01 01 01 00 06 00 10 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01',
    '1 . alpn="h2,h3" port=443 ipv4hint=93.184.216.34,1.1.1.1 ipv6hint=2001:db8::1',
  ],
  [
    65,
    '00 10 03 "foo" 07 "example" 03 "org" 00 00 00 00 04 00 01 00 04 00 01 00 09 02 "h2" 05 "h3-19" 00 04 00 04 c0 00 02 01',
    '16 foo.example.org mandatory=alpn,ipv4hint alpn="h2,h3-19" ipv4hint=192.0.2.1',
  ],
  [65, '00 10 00 00 01 00 0c 08 66 5c 6f 6f 2c 62 61 72 02 "h2"', '16 . alpn="f\\\\\\\\oo\\\\,bar,h2"'],
  [65, '00 01 00 00 01 00 03 02 "h3" 00 02 00 00', '1 . alpn="h3" no-default-alpn'],
  [65, '00 01 00 02 9b 00 05 "hello"', '1 . key667="hello"'],
  [99, '01 "a"', '"a"'],
  [108, "00 00 5e 00 53 2a", "00-00-5e-00-53-2a"],
  [256, '00 0a 00 01 "ftp://ftp1.example.com/public"', '10 1 "ftp://ftp1.example.com/public"'],
  [257, '00 05 "issue" "letsencrypt.org"', '0 issue "letsencrypt.org"'],
  [65280, "de ad", "\\# 2 dead"],
  [1, "", "\\# 0"],
  [1, "01 02 03", "\\# 3 010203"],
  [15, "00 0a", "\\# 2 000a"],
  [16, '05 "a"', "\\# 2 0561"],
  [257, '00 03 "a b" "x"', "\\# 6 000361206278"],
];

const textOf = (type: number, data: Uint8Array) => {
  const { view, start, end } = placed(data, 0xff);
  return rdataText(view, start - 20, end, type, start, end);
};

test.each(RECORDS)("type %i data %s is %s", (type, data, text) => {
  expect(textOf(type, hexBytes(data))).toBe(text);
});

const types = [...new Set(RECORDS.map(([type]) => type))];
const label = fc.uint8Array({ minLength: 1, maxLength: 5 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
const name = fc.array(label, { maxLength: 3 }).map((labels) => {
  return labels.flatMap((text) => [text.length, ...Buffer.from(text, "latin1")]).concat(0);
});
const anyData = fc
  .array(fc.oneof(fc.uint8Array({ maxLength: 6 }), name), { maxLength: 6 })
  .map((pieces) => Uint8Array.from(pieces.flatMap((piece) => [...piece])));

test("data of any type and content gives text without anything that a terminal obeys", () => {
  fc.assert(
    fc.property(fc.constantFrom(...types), anyData, (type, data) => {
      expect(textOf(type, data)).toMatch(/^[\x20-\x7e]+$/);
    }),
    { numRuns: 3000 },
  );
});

test("what lies around the data never changes its text", () => {
  fc.assert(
    fc.property(fc.constantFrom(...types), anyData, (type, data) => {
      const low = placed(data, 0x00);
      const high = placed(data, 0xff);
      expect(rdataText(low.view, low.start, low.end, type, low.start, low.end)).toBe(
        rdataText(high.view, high.start, high.end, type, high.start, high.end),
      );
    }),
    { numRuns: 3000 },
  );
});

/** BIND's own text of records, given as zone file lines: one answer a line, null where it refuses the line. */
function bindText(records: readonly { type: number; text: string }[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "vipscope-"));
  try {
    const zone = join(folder, "zone");
    const head = ". 60 IN SOA a a 1 1 1 1 1\n. 60 IN NS a\na 60 IN A 1.1.1.1\n";
    const lines = records.map(({ type, text }, index) => `n${index} 60 IN ${dnsTypeText(type)} ${text}\n`);
    writeFileSync(zone, head + lines.join(""));
    const checks = ["-k", "-n", "-m", "-r"].flatMap((option) => [option, "ignore"]);
    const options = [
      "-q",
      "-i",
      "none",
      "-M",
      "ignore",
      "-S",
      "ignore",
      "-T",
      "ignore",
      ...checks,
      "-s",
      "full",
      "-o",
      "-",
    ];
    const output = execFileSync("named-compilezone", [...options, ".", zone], { encoding: "utf8" });
    const found = new Map(
      output.split("\n").map((line) => [line.split(".")[0] ?? "", line.split(/\s+/).slice(3).join(" ")]),
    );
    return records.map((_, index) => found.get(`n${index}`) ?? "");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.skipIf(!hasTool("named-compilezone", "-v"))("BIND reads our text as the bytes that it came from", () => {
  const random = fc.tuple(
    fc.constantFrom(16, 13, 257, 256, 12, 15, 33, 35, 65),
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => [bytes.length, ...bytes]),
      name.map((bytes) => [0, 1, ...bytes]),
      name,
    ),
  );
  const cases = RECORDS.map(([type, data]) => ({ type, data: hexBytes(data) })).concat(
    fc.sample(random, { numRuns: 600, seed: 7 }).map(([type, data]) => ({ type, data: Uint8Array.from(data) })),
  );
  const sound = cases
    .map(({ type, data }) => ({ type, data, text: textOf(type, data) }))
    .filter(({ type, text }) => !text.startsWith("\\#") && type !== 6); // a zone has one SOA
  const generic = sound.map(({ type, data }) => ({
    type,
    text: `\\# ${data.length} ${Buffer.from(data).toString("hex")}`,
  }));
  expect(sound.length).toBeGreaterThan(150);
  expect(bindText(sound)).toEqual(bindText(generic));
});

test("names in data end with the data", () => {
  const bytes = Uint8Array.from([...nameBytes("abc"), 0, 0]);
  expect(textOf(5, bytes)).toBe("\\# 7 03616263000000");
});
