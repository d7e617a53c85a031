import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ipv4Text, macText } from "../../src/bytes/address.ts";
import { hexText } from "../../src/bytes/text.ts";
import { decodeDhcp, dhcpMessageType } from "../../src/decode/dhcp.ts";
import { dhcpOptionName, dhcpOptionText, dhcpValue } from "../../src/decode/dhcp-options.ts";
import { problemText } from "../support/dns.ts";
import { placed, readExamples } from "../support/examples.ts";
import { hasTool } from "../support/tools.ts";
import { tsharkFields, udpCapture } from "../support/tshark.ts";

const examples = readExamples(new URL("./dhcp.md", import.meta.url));
const anyMessage = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.constantFrom(...examples.map((example) => example.bytes)).chain((bytes) =>
    fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }).map((changes) => {
      const mutated = bytes.slice();
      for (const [at, value] of changes) mutated[at] = value;
      return mutated;
    }),
  ),
);

function describeDhcp(bytes: Uint8Array, filler: number): Record<string, unknown> {
  const { view, start, end } = placed(bytes, filler);
  const message = decodeDhcp(view, start, end);
  new Uint8Array(view.buffer).fill(0xee); // a decoded message holds copies
  const { header, problem } = message;
  return {
    type: dhcpMessageType(message),
    ...(header && {
      op: header.op,
      hardware: `${header.hardwareType}/${header.hardwareLength}`,
      hops: header.hops,
      transactionId: header.transactionId,
      seconds: header.seconds,
      broadcast: header.broadcast,
      addresses: [header.clientAddress, header.yourAddress, header.nextServerAddress, header.relayAddress]
        .map(ipv4Text)
        .join(" "),
      clientMac: header.clientMac === null ? null : macText(header.clientMac),
    }),
    ...(message.serverName !== null && { serverName: message.serverName }),
    ...(message.bootFile !== null && { bootFile: message.bootFile }),
    options: message.options.map((option) => {
      const unknown = dhcpValue(option) === null ? "null " : "";
      return `${dhcpOptionName(option.code)} ${unknown}${dhcpOptionText(option)}`;
    }),
    ...(problem && { problem: problemText(problem) }),
  };
}

describe("documented messages", () => {
  test.each(examples)("$title", ({ bytes, expected }) => {
    expect(describeDhcp(bytes, 0xff)).toEqual(expected);
  });
});

test("what lies around the message never changes the result", () => {
  fc.assert(
    fc.property(anyMessage, fc.constantFrom(0x01, 0x35, 0xff), (bytes, filler) => {
      expect(describeDhcp(bytes, filler)).toEqual(describeDhcp(bytes, 0x00));
    }),
    { numRuns: 500 },
  );
});

test.each(examples)("cut anywhere, it tells nothing that the whole does not: $title", ({ bytes }) => {
  const message = (size: number) => {
    const { view, start, end } = placed(bytes.slice(0, size), 0xff);
    return decodeDhcp(view, start, end);
  };
  const whole = message(bytes.length);
  for (let size = 0; size < bytes.length; size++) {
    const cut = message(size);
    expect([null, whole.serverName]).toContain(cut.serverName);
    expect([null, whole.bootFile]).toContain(cut.bootFile);
    expect(whole.options.map((option) => option.code)).toEqual(
      expect.arrayContaining(cut.options.map((option) => option.code)),
    );
  }
});

test("an option in very many parts does not take long", () => {
  const bytes = new Uint8Array(65_535).fill(1);
  bytes.set([0x63, 0x82, 0x53, 0x63], 236);
  const startedAt = performance.now();
  const message = decodeDhcp(new DataView(bytes.buffer), 0, bytes.length);
  expect(performance.now() - startedAt).toBeLessThan(200);
  expect(message.options.map((option) => [option.code, option.data.length])).toEqual([[1, 21_765]]);
});

test.skipIf(!hasTool("tshark"))("fields and options are those that tshark sees", () => {
  const address = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => [...bytes]);
  const text = fc.string({ unit: fc.constantFrom(..."abcxyz-09."), minLength: 1, maxLength: 20 });
  const option = (code: number, data: fc.Arbitrary<number[]>) => data.map((bytes) => [code, bytes.length, ...bytes]);
  const route = fc.tuple(fc.integer({ min: 0, max: 32 }), address, address).map(([prefix, destination, router]) => {
    return [prefix, ...destination.slice(0, (prefix + 7) >> 3), ...router];
  });
  const options = fc.tuple(
    option(
      53,
      fc.integer({ min: 1, max: 8 }).map((type) => [type]),
    ),
    option(54, address),
    option(51, address),
    option(1, address),
    option(
      3,
      fc.array(address, { minLength: 1, maxLength: 3 }).map((list) => list.flat()),
    ),
    option(
      6,
      fc.array(address, { minLength: 1, maxLength: 3 }).map((list) => list.flat()),
    ),
    option(
      12,
      text.map((name) => [...Buffer.from(name)]),
    ),
    option(
      15,
      text.map((name) => [...Buffer.from(name)]),
    ),
    option(55, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 9 })),
    option(
      121,
      fc.array(route, { minLength: 1, maxLength: 2 }).map((list) => list.flat()),
    ),
  );
  const head = fc.uint8Array({ minLength: 28, maxLength: 28 }).map((bytes) => {
    bytes.set([2, 1, 6, 0]);
    bytes[9] = 1; // tshark takes seconds whose lower byte is zero for swapped
    bytes[11] = 0;
    return bytes;
  });
  const built = fc.tuple(head, options).map(([fixed, parts]) => {
    const bytes = new Uint8Array(240);
    bytes.set(fixed);
    bytes.set([0, 0x0d, 0x3a, 1, 2, 3], 28);
    bytes.set([0x63, 0x82, 0x53, 0x63], 236);
    return Uint8Array.from([...bytes, ...parts.flat(), 255]);
  });
  const messages = fc.sample(built, { numRuns: 200, seed: 3 });
  const names = [
    "id",
    "secs",
    "ip.client",
    "ip.your",
    "ip.server",
    "ip.relay",
    "hw.mac_addr",
    "option.dhcp",
    "option.dhcp_server_id",
    "option.ip_address_lease_time",
    "option.subnet_mask",
    "option.router",
    "option.domain_name_server",
    "option.hostname",
    "option.domain_name",
    "option.request_list_item",
  ];
  const rows = tsharkFields(
    udpCapture(messages, 67, 68),
    names.map((name) => `dhcp.${name}`),
  );
  const ours = messages.map((bytes) => {
    const message = decodeDhcp(new DataView(bytes.buffer), 0, bytes.length);
    const value = (code: number) => {
      const found = message.options.find((candidate) => candidate.code === code);
      return found === undefined ? "" : dhcpOptionText(found);
    };
    const { header } = message;
    if (header === null) return [];
    return [
      [`0x${hexText(new DataView(bytes.buffer), 4, 8)}`],
      [String(header.seconds)],
      [ipv4Text(header.clientAddress)],
      [ipv4Text(header.yourAddress)],
      [ipv4Text(header.nextServerAddress)],
      [ipv4Text(header.relayAddress)],
      [macText(header.clientMac ?? 0)],
      [value(53)],
      [value(54)],
      [value(51)],
      [value(1)],
      value(3).split(", "),
      value(6).split(", "),
      [value(12)],
      [value(15)],
      value(55).split(", "),
    ];
  });
  expect(ours).toEqual(rows);
});
