import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeTls, mayBeTls, TlsReader, tlsOutcome } from "../../src/decode/tls.ts";
import { tlsAlertText, tlsHandshakeText, tlsVersionText } from "../../src/decode/tls-codes.ts";
import { problemText } from "../support/dns.ts";
import { hexBytes, placed, readExamples } from "../support/examples.ts";
import { tlsConversation } from "../support/tls.ts";

const examples = readExamples(new URL("./tls.md", import.meta.url));
const anyStream = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc.constantFrom(...examples.map((example) => example.bytes)).chain((bytes) =>
    fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }).map((changes) => {
      const mutated = bytes.slice();
      for (const [at, value] of changes) mutated[at] = value;
      return mutated;
    }),
  ),
);

function describeReader(reader: TlsReader): Record<string, unknown> {
  const { clientHello, serverHello, problem } = reader;
  const described = {
    records: reader.records,
    handshakeTypes: reader.handshakeTypes.map(tlsHandshakeText),
    clientHello: clientHello && {
      ...clientHello,
      legacyVersion: tlsVersionText(clientHello.legacyVersion),
      supportedVersions: clientHello.supportedVersions.map(tlsVersionText),
    },
    serverHello: serverHello && { ...serverHello, version: tlsVersionText(serverHello.version) },
    alerts: reader.alerts.map(({ level, description }) =>
      description === null ? "encrypted" : `${level} ${tlsAlertText(description)}`,
    ),
    changedCipher: reader.changedCipher || null,
    applicationRecords: reader.applicationRecords || null,
    failed: reader.failed || null,
    problem: problem && problemText(problem),
  };
  return Object.fromEntries(
    Object.entries(described).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );
}

function decodePlaced(bytes: Uint8Array, filler: number): TlsReader {
  const { view, start, end } = placed(bytes, filler);
  return decodeTls(view, start, end);
}

function describeInPieces(bytes: Uint8Array, cuts: readonly number[]): Record<string, unknown> {
  const reader = new TlsReader();
  let at = 0;
  for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    const { view, start, end } = placed(bytes.slice(at, Math.max(at, cut)), 0x16);
    reader.consume(view, start, end);
    new Uint8Array(view.buffer).fill(0xee);
    at = Math.max(at, Math.min(cut, bytes.length));
  }
  reader.finish("stream");
  return describeReader(reader);
}

describe("documented records", () => {
  test.each(examples)("$title", ({ bytes, expected }) => {
    expect(describeReader(decodePlaced(bytes, 0xff))).toEqual(expected);
  });
});

test("what lies around the stream never changes the result", () => {
  fc.assert(
    fc.property(anyStream, fc.constantFrom(0x15, 0x16, 0x03, 0xff), (bytes, filler) => {
      expect(describeReader(decodePlaced(bytes, filler))).toEqual(describeReader(decodePlaced(bytes, 0x00)));
    }),
    { numRuns: 1000 },
  );
});

test("the pieces in which a stream comes never change the result", () => {
  fc.assert(
    fc.property(anyStream, fc.array(fc.nat(120)), (bytes, cuts) => {
      expect(describeInPieces(bytes, cuts)).toEqual(describeReader(decodePlaced(bytes, 0x00)));
    }),
    { numRuns: 1000 },
  );
});

test.each(examples)("cut anywhere, it tells nothing that the whole does not: $title", ({ bytes }) => {
  const whole = decodePlaced(bytes, 0xff);
  for (let size = 0; size < bytes.length; size++) {
    const cut = decodePlaced(bytes.slice(0, size), 0xff);
    expect(cut.records).toBeLessThanOrEqual(whole.records);
    expect(whole.alerts.slice(0, cut.alerts.length)).toEqual(cut.alerts);
    expect(whole.handshakeTypes.slice(0, cut.handshakeTypes.length)).toEqual(cut.handshakeTypes);
    expect([null, whole.clientHello?.serverName]).toContain(cut.clientHello?.serverName ?? null);
  }
});

test("missed bytes are passed within a record, and end the reading at a record's header", () => {
  const reader = new TlsReader();
  const { view, start, end } = placed(hexBytes("17 03 03 00 10 01 02"), 0);
  reader.consume(view, start, end);
  reader.skip(14);
  expect(reader.failed).toBe(false);
  reader.consume(view, start, end);
  expect(reader.applicationRecords).toBe(2);
  reader.skip(15);
  expect(reader).toMatchObject({ failed: true, problem: { code: "tls-cut", limit: "capture" } });
});

test("a handshake message with missed bytes is not made up", () => {
  const reader = new TlsReader();
  const { view, start, end } = placed(hexBytes("16 03 01 00 31 01 00 00 2d 03 03"), 0);
  reader.consume(view, start, end);
  reader.skip(43);
  reader.finish("stream");
  expect(reader).toMatchObject({ clientHello: null, failed: false, problem: null });
});

test("a hello that ends before its version is not told", () => {
  expect(decodePlaced(hexBytes("16 03 01 00 31 01 00 00 2d 03"), 0x03).clientHello).toBeNull();
  expect(decodePlaced(hexBytes("16 03 03 00 36 02 00 00 26 03 03 zeros 32 00 c0"), 0x2f).serverHello).toBeNull();
});

test("a hello that claims 16 megabytes costs no more than its bound", () => {
  const reader = new TlsReader();
  const header = hexBytes("16 03 01 40 00 01 ff ff ff 03 03");
  const record = Uint8Array.from([...header, ...new Uint8Array(0x4000 - 6)]);
  for (let index = 0; index < 50; index++) {
    const { view, start, end } = placed(
      index === 0 ? record : Uint8Array.from([...hexBytes("16 03 01 40 00"), ...new Uint8Array(0x4000)]),
      0,
    );
    reader.consume(view, start, end);
  }
  reader.finish("stream");
  expect(reader.clientHello?.legacyVersion).toBe(0x0303);
});

test("a handshake record is recognised by its first bytes", () => {
  const recognised = (hex: string) => {
    const { view, start, end } = placed(hexBytes(hex), 0x16);
    return mayBeTls(view, start, end);
  };
  expect(["", "16", "16 03", "16 03 01 02 00", "15 03 03 00 02 02 28"].map(recognised)).toEqual(Array(5).fill(true));
  expect(["47", "17 03 03", "16 02", "16 03 01 ff ff"].map(recognised)).toEqual(Array(4).fill(false));
});

const outcomeOf = ({ client, server }: { client: Uint8Array; server: Uint8Array }) =>
  tlsOutcome(decodePlaced(client, 0), decodePlaced(server, 0));

test.each([
  ["TLSv1.2", 0x0303, 0x00a8, "TLS_PSK_WITH_AES_128_GCM_SHA256"],
  ["TLSv1.3", 0x0304, 0x1301, "TLS_AES_128_GCM_SHA256"],
] as const)("a true %s handshake is completed", async (protocol, version, cipherSuite, cipher) => {
  const conversation = await tlsConversation({
    clientVersion: protocol,
    serverVersion: protocol,
    serverName: "vm.test",
    applicationProtocols: ["http/1.1"],
  });
  expect(conversation).toMatchObject({ protocol, cipher });
  expect(decodePlaced(conversation.client, 0).clientHello).toMatchObject({
    serverName: "vm.test",
    applicationProtocols: ["http/1.1"],
    sound: true,
  });
  expect(decodePlaced(conversation.server, 0).serverHello).toMatchObject({ version, cipherSuite, sound: true });
  expect(outcomeOf(conversation)).toEqual({ state: "completed", alert: null, alertFrom: null });
});

test("a server without the client's versions fails it with an alert", async () => {
  const conversation = await tlsConversation({ clientVersion: "TLSv1.3", serverVersion: "TLSv1.2" });
  expect(conversation.protocol).toBeNull();
  expect(outcomeOf(conversation)).toEqual({
    state: "failed",
    alert: { level: 2, description: 70 },
    alertFrom: "server",
  });
});

test("a wrong key fails a TLS 1.3 handshake with the server's alert", async () => {
  const conversation = await tlsConversation({ clientVersion: "TLSv1.3", serverVersion: "TLSv1.3", serverKey: 2 });
  expect(conversation.protocol).toBeNull();
  expect(outcomeOf(conversation)).toMatchObject({ state: "failed", alert: { level: 2 }, alertFrom: "server" });
});

test("a server that goes away after the client's Finished leaves a TLS 1.2 handshake unfinished", async () => {
  const conversation = await tlsConversation({ clientVersion: "TLSv1.2", serverVersion: "TLSv1.2", serverKey: 2 });
  expect(conversation.protocol).toBeNull();
  expect(decodePlaced(conversation.client, 0).changedCipher).toBe(true);
  expect(outcomeOf(conversation)).toEqual({ state: "unfinished", alert: null, alertFrom: null });
});

test("a handshake that was given up is unfinished up to its last message", async () => {
  const { client, server } = await tlsConversation({ clientVersion: "TLSv1.3", serverVersion: "TLSv1.3" });
  const helloBytes = 5 + ((client[3] ?? 0) << 8) + (client[4] ?? 0);
  expect(outcomeOf({ client: client.slice(0, helloBytes), server: new Uint8Array() }).state).toBe("unfinished");
  expect(outcomeOf({ client: client.slice(0, helloBytes), server }).state).toBe("unfinished");
});

test("a client that seals an alert instead of its Finished has failed it", async () => {
  const { client, server } = await tlsConversation({ clientVersion: "TLSv1.3", serverVersion: "TLSv1.3" });
  const helloBytes = 5 + ((client[3] ?? 0) << 8) + (client[4] ?? 0);
  const alert = hexBytes("17 03 03 00 13 zeros 19");
  expect(outcomeOf({ client: Uint8Array.from([...client.slice(0, helloBytes), ...alert]), server })).toEqual({
    state: "failed",
    alert: { level: null, description: null },
    alertFrom: "client",
  });
});

test("bytes that are not TLS are told so, and none are not", () => {
  const text = Uint8Array.from(Buffer.from("HTTP/1.1 400 Bad Request\r\n"));
  expect(outcomeOf({ client: text, server: text }).state).toBe("not-tls");
  expect(outcomeOf({ client: new Uint8Array(), server: new Uint8Array() }).state).toBe("unfinished");
});

test("numbers without a name keep their value", () => {
  expect([tlsVersionText(0x0a0a), tlsAlertText(200), tlsHandshakeText(99)]).toEqual([
    "0x0a0a",
    "alert-200",
    "handshake-99",
  ]);
});
