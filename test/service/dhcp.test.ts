import { describe, expect, test } from "vitest";
import type { DhcpRecord } from "../../src/service/records.ts";
import { PLATFORM } from "../support/flow-packets.ts";
import { ServiceScript, VM_MAC } from "../support/service-script.ts";

const XID = 0x1234abcd;
const BROADCAST = "255.255.255.255";
const NOBODY = "0.0.0.0";
const LEASE: readonly (readonly number[])[] = [
  [51, 255, 255, 255, 255],
  [54, 168, 63, 129, 16],
  [3, 10, 0, 0, 1],
  [6, 168, 63, 129, 16],
  [121, 0, 10, 0, 0, 1, 32, 168, 63, 129, 16, 10, 0, 0, 1],
  [245, 168, 63, 129, 16],
];

interface Message {
  type: number;
  xid?: number;
  ciaddr?: number[];
  yiaddr?: number[];
  options?: readonly (readonly number[])[];
  from?: string;
  to?: string;
}

/** A BOOTP message: its options are code and bytes. */
function dhcpBytes(
  reply: boolean,
  { type, xid = XID, ciaddr = [0, 0, 0, 0], yiaddr = [0, 0, 0, 0], options = [] }: Message,
): Uint8Array {
  const bytes = new Uint8Array(240);
  bytes.set([reply ? 2 : 1, 1, 6, 0]);
  new DataView(bytes.buffer).setUint32(4, xid);
  bytes.set(ciaddr, 12);
  bytes.set(yiaddr, 16);
  bytes.set([0x00, 0x0d, 0x3a, 0, 0, 4], 28);
  bytes.set(new TextEncoder().encode("RD0003FF123456"), 44);
  bytes.set([0x63, 0x82, 0x53, 0x63], 236);
  const all = [[53, type], ...options].flatMap(([code = 0, ...data]) => [code, data.length, ...data]);
  return Uint8Array.from([...bytes, ...all, 255]);
}

class Lab extends ServiceScript {
  client(message: Message): this {
    const { from = NOBODY, to = BROADCAST } = message;
    return this.udp(true, {
      source: from,
      destination: to,
      sourcePort: 68,
      destinationPort: 67,
      payload: dhcpBytes(false, message),
    });
  }

  server(message: Message): this {
    const { from = PLATFORM, to = "10.0.0.4" } = message;
    return this.udp(false, {
      source: from,
      destination: to,
      sourcePort: 67,
      destinationPort: 68,
      payload: dhcpBytes(true, message),
    });
  }

  get exchanges(): DhcpRecord[] {
    return [...this.services.dhcp];
  }
}

const DISCOVER = { type: 1, options: [[12, 118, 109, 48]] };
const OFFER = { type: 2, yiaddr: [10, 0, 0, 4], options: LEASE };
const REQUEST = { type: 3, options: [[50, 10, 0, 0, 4]] };
const ACK = { type: 5, yiaddr: [10, 0, 0, 4], options: LEASE };
const NAK = { type: 6, options: [[54, 168, 63, 129, 16]] };

function acquired(): Lab {
  return new Lab().client(DISCOVER).at(1).server(OFFER).at(2).client(REQUEST).at(3).server(ACK);
}

describe("an exchange", () => {
  test("that acquires a lease has all that the lease says", () => {
    expect(acquired().exchanges).toMatchObject([
      {
        transactionId: XID,
        clientMac: VM_MAC,
        kind: "acquire",
        outcome: "acknowledged",
        offeredAddress: "10.0.0.4",
        serverIdentifier: PLATFORM,
        leaseSeconds: 4294967295,
        platformAddress: PLATFORM,
        routers: ["10.0.0.1"],
        dnsServers: [PLATFORM],
        hostName: "vm0",
        durationMs: 3,
      },
    ]);
  });

  test("has its messages with who sent them to whom", () => {
    expect(acquired().exchanges[0]?.messages.slice(0, 2)).toEqual([
      {
        packet: 0,
        atNs: 0,
        type: "DISCOVER",
        fromClient: true,
        sourceAddress: NOBODY,
        destinationAddress: BROADCAST,
        sourceMac: VM_MAC,
        serverIdentifier: null,
        offeredAddress: null,
        platformAddress: null,
        hasPlatformRoute: false,
        bare: false,
        cutByCapture: false,
      },
      {
        packet: 1,
        atNs: 1e6,
        type: "OFFER",
        fromClient: false,
        sourceAddress: PLATFORM,
        destinationAddress: "10.0.0.4",
        sourceMac: "12:34:56:78:9a:bc",
        serverIdentifier: PLATFORM,
        offeredAddress: "10.0.0.4",
        platformAddress: PLATFORM,
        hasPlatformRoute: true,
        bare: false,
        cutByCapture: false,
      },
    ]);
  });

  test("never tells the platform's host name", () => {
    expect(JSON.stringify(acquired().exchanges)).not.toContain("RD0003FF");
  });

  test("renews when it asks by unicast and rebinds when it asks everybody", () => {
    const renewal = { type: 3, ciaddr: [10, 0, 0, 4], from: "10.0.0.4", to: PLATFORM };
    const rebinding = { ...renewal, xid: 7, to: BROADCAST };
    const lab = acquired().at(5000).client(renewal).server(ACK).at(9000).client(rebinding);
    expect(lab.exchanges.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ["acquire", "acknowledged"],
      ["renew", "acknowledged"],
      ["rebind", "unanswered"],
    ]);
  });

  test("is a new one for each renewal of a short lease, though the client keeps its identifier", () => {
    const renewal = { type: 3, ciaddr: [10, 0, 0, 4], from: "10.0.0.4", to: PLATFORM };
    const short = { ...ACK, options: [[51, 0, 0, 0, 20]] };
    const lab = acquired().at(8000).client(renewal).server(short).at(16_000).client(renewal).server(short);
    expect(lab.exchanges.map(({ kind }) => kind)).toEqual(["acquire", "renew", "renew"]);
    expect(lab.at(18_000).client(renewal).exchanges).toHaveLength(3);
  });

  test("ends as the last message says", () => {
    const outcome = (lab: Lab): string | undefined => lab.exchanges.at(-1)?.outcome;
    expect(outcome(new Lab().client(DISCOVER))).toBe("unanswered");
    expect(outcome(new Lab().client(DISCOVER).server(OFFER).client(REQUEST))).toBe("offered");
    expect(outcome(new Lab().client(REQUEST).server(NAK))).toBe("refused");
    expect(outcome(acquired().client({ type: 4 }))).toBe("declined");
    expect(outcome(acquired().client({ type: 7, ciaddr: [10, 0, 0, 4] }))).toBe("released");
  });

  test("goes on when the client asks again because it did not take the ACK", () => {
    expect(acquired().at(4000).client(REQUEST).server(ACK).exchanges).toHaveLength(1);
    expect(acquired().at(20_000).client(REQUEST).server(ACK).exchanges).toHaveLength(2);
  });

  test("keeps what the first ACK gave when another server answers the same request", () => {
    const other = { ...ACK, from: "10.0.0.9", yiaddr: [10, 0, 0, 77], options: [[54, 10, 0, 0, 9]] };
    const lab = acquired().server(other).server(NAK);
    expect(lab.exchanges).toMatchObject([
      { outcome: "acknowledged", offeredAddress: "10.0.0.4", serverIdentifier: PLATFORM },
    ]);
    expect(lab.exchanges[0]?.messages).toHaveLength(6);
  });

  test("is pending while the client may still wait", () => {
    const lab = new Lab().client(DISCOVER);
    lab.services.time.endedNs = 9.9e9;
    expect(lab.exchanges[0]?.pendingAtEnd).toBe(true);
    lab.services.time.endedNs = 10e9;
    expect(lab.exchanges[0]?.pendingAtEnd).toBe(false);
    lab.at(4000).client(DISCOVER).at(8000).client(DISCOVER);
    lab.services.time.endedNs = 1;
    expect(lab.exchanges[0]?.pendingAtEnd).toBe(false);
  });

  test("tells the agent's own bare DISCOVER", () => {
    expect(new Lab().client({ type: 1 }).exchanges[0]?.messages[0]?.bare).toBe(true);
  });
});

describe("the address that a lease names", () => {
  test("is learned when it is not known as the platform's", () => {
    const classic = {
      ...OFFER,
      from: "10.62.3.42",
      options: [
        [54, 10, 62, 3, 42],
        [245, 10, 62, 144, 140],
      ],
    };
    const lab = new Lab().client(DISCOVER).server(classic);
    expect(lab.learned).toEqual(["10.62.144.140"]);
    expect(acquired().learned).toEqual([]);
  });

  test.each([
    ["this network", [0, 0, 0, 0]],
    ["loopback", [127, 0, 0, 1]],
    ["multicast", [224, 0, 0, 1]],
    ["broadcast", [255, 255, 255, 255]],
    ["the client's own address", [10, 0, 0, 4]],
  ])("that is %s is told as malformed, and not learned", (_name, address) => {
    const lab = new Lab().client(DISCOVER).server({ ...OFFER, options: [[245, ...address]] });
    expect([lab.exchanges[0]?.platformAddress, lab.learned]).toEqual(["malformed", []]);
  });

  test("that is not four bytes is told as malformed, and not learned", () => {
    const lab = new Lab().client(DISCOVER).server({ ...OFFER, options: [[245, 168, 63]] });
    expect([lab.exchanges[0]?.platformAddress, lab.learned]).toEqual(["malformed", []]);
  });
});

test("a client's lease is the last that was acknowledged", () => {
  const other = { ...OFFER, yiaddr: [10, 0, 0, 9], options: [] };
  expect(acquired().client(DISCOVER).server(other).services.dhcp.leases).toEqual([
    { clientMac: VM_MAC, address: "10.0.0.4", hasPlatformRoute: true, packet: 3 },
  ]);
});

test("a message that was cut says so, and one without a header is counted", () => {
  const bytes = dhcpBytes(false, DISCOVER);
  const sides = { source: NOBODY, destination: BROADCAST, sourcePort: 68, destinationPort: 67 };
  const lab = new Lab()
    .udp(true, { ...sides, payload: bytes.subarray(0, 242), payloadBytes: bytes.length })
    .udp(true, { ...sides, payload: bytes.subarray(0, 30), payloadBytes: bytes.length });
  expect(lab.exchanges[0]?.messages[0]?.cutByCapture).toBe(true);
  expect(lab.services.dhcp.notDecoded).toBe(1);
});
