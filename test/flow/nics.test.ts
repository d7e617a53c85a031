import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NicTable } from "../../src/flow/nics.ts";
import { MAX_ARP_OWNERS, MAX_NIC_ADDRESSES, MAX_NIC_INTERFACES, MAX_NICS } from "../../src/limits.ts";
import { arpPacket, type PacketFields, PLATFORM, PLATFORM_MAC, tcpPacket } from "../support/flow-packets.ts";

const MAC_1 = "00:0d:3a:00:00:01";
const MAC_2 = "00:0d:3a:00:00:02";
const CONTAINER_MAC = "02:42:ac:11:00:02";

/** Where packets come from: source and interface. */
interface At {
  source?: number;
  interfaceIndex?: number;
}

function sent(nics: NicTable, fields: PacketFields, at: At = {}): number {
  return nics.observe(tcpPacket(fields), true, at.source ?? 0, at.interfaceIndex ?? 0);
}

function received(nics: NicTable, fields: PacketFields, at: At = {}): number {
  const packet = tcpPacket({ source: PLATFORM, destination: "10.0.0.4", ...fields });
  return nics.observe(packet, false, at.source ?? 0, at.interfaceIndex ?? 0);
}

/** What the report says of each NIC. */
function shown(nics: NicTable): unknown[] {
  return nics.standing().map((nic) => [nics.interfaceName(nic), nics.macText(nic), nics.addressTexts(nic)]);
}

describe("Ethernet", () => {
  test("the VM's MAC is the source of packets to the platform and the destination of those from it", () => {
    const nics = new NicTable();
    const out = sent(nics, { sourceMac: MAC_1, destinationMac: PLATFORM_MAC });
    const back = received(nics, { sourceMac: PLATFORM_MAC, destinationMac: MAC_1 });
    expect(back).toBe(out);
    expect(shown(nics)).toEqual([[null, MAC_1, ["10.0.0.4"]]]);
  });

  test("each MAC of the VM is a NIC, also at one interface", () => {
    const nics = new NicTable();
    expect(sent(nics, { sourceMac: MAC_1 })).not.toBe(sent(nics, { sourceMac: MAC_2, source: "10.0.1.4" }));
    expect(shown(nics)).toEqual([
      [null, MAC_1, ["10.0.0.4"]],
      [null, MAC_2, ["10.0.1.4"]],
    ]);
  });

  test("one MAC in two files, or by two names, is one NIC", () => {
    const nics = new NicTable();
    nics.nameInterface(1, 0, "eth0");
    nics.nameInterface(2, 0, "enP53091s1");
    sent(nics, { sourceMac: MAC_1 }, { source: 0 });
    sent(nics, { sourceMac: MAC_1 }, { source: 1 });
    sent(nics, { sourceMac: MAC_1 }, { source: 2 });
    expect(shown(nics)).toEqual([["eth0", MAC_1, ["10.0.0.4"]]]);
  });

  test("of accelerated networking's two names the one that sends first is shown, whichever was seen first", () => {
    const nics = new NicTable();
    nics.nameInterface(0, 0, "eth0");
    nics.nameInterface(0, 1, "enP53091s1");
    received(nics, { destinationMac: MAC_1 }, { interfaceIndex: 1 });
    received(nics, { destinationMac: MAC_1 }, { interfaceIndex: 0 });
    sent(nics, { sourceMac: MAC_1 }, { interfaceIndex: 0 });
    sent(nics, { sourceMac: MAC_1 }, { interfaceIndex: 1 });
    expect(shown(nics)).toEqual([["eth0", MAC_1, ["10.0.0.4"]]]);
  });

  test("one name with two MACs is two NICs", () => {
    const nics = new NicTable();
    nics.nameInterface(0, 0, "docker0");
    sent(nics, { sourceMac: CONTAINER_MAC, source: "172.17.0.2" });
    sent(nics, { sourceMac: "02:42:ac:11:00:03", source: "172.17.0.3" });
    expect(nics.standing()).toHaveLength(2);
  });

  test("a packet to all stations tells its interface, and the MAC follows with the next", () => {
    const nics = new NicTable();
    const offer = received(nics, { destinationMac: "ff:ff:ff:ff:ff:ff", destination: "255.255.255.255" });
    const later = sent(nics, { sourceMac: MAC_1 });
    expect(nics.current(offer)).toBe(nics.current(later));
    expect(shown(nics)).toEqual([[null, MAC_1, ["10.0.0.4"]]]);
  });

  test("a packet to all stations belongs to the NIC that its interface already showed", () => {
    const nics = new NicTable();
    const nic = sent(nics, { sourceMac: MAC_1 });
    expect(received(nics, { destinationMac: "ff:ff:ff:ff:ff:ff", destination: "255.255.255.255" })).toBe(nic);
  });

  test("a NIC that was seen without MAC becomes the one that its MAC names later", () => {
    const nics = new NicTable();
    const known = sent(nics, { sourceMac: MAC_1 }, { source: 0 });
    const early = received(
      nics,
      { destinationMac: "ff:ff:ff:ff:ff:ff", destination: "255.255.255.255" },
      { source: 1 },
    );
    sent(nics, { sourceMac: MAC_1, source: "10.0.0.5" }, { source: 1 });
    expect(nics.current(early)).toBe(known);
    expect(shown(nics)).toEqual([[null, MAC_1, ["10.0.0.4", "10.0.0.5"]]]);
  });
});

describe("no link layer", () => {
  test("the interface is the NIC", () => {
    const nics = new NicTable();
    nics.nameInterface(0, 1, "tun0");
    expect(sent(nics, {})).toBe(received(nics, {}));
    sent(nics, {}, { interfaceIndex: 1 });
    expect(shown(nics)).toEqual([
      [null, null, ["10.0.0.4"]],
      ["tun0", null, ["10.0.0.4"]],
    ]);
  });

  test("one name in two files is one NIC, and takes over a MAC that the other shows", () => {
    const nics = new NicTable();
    nics.nameInterface(0, 0, "eth0");
    nics.nameInterface(1, 0, "eth0");
    const raw = sent(nics, {}, { source: 0 });
    const ethernet = sent(nics, { sourceMac: MAC_1 }, { source: 1 });
    expect(nics.current(raw)).toBe(nics.current(ethernet));
    expect(shown(nics)).toEqual([["eth0", MAC_1, ["10.0.0.4"]]]);
  });
});

describe("Linux cooked v2", () => {
  const eth0 = { cookedInterface: 2 };

  test("the interface index is the NIC, and what it sends shows its MAC", () => {
    const nics = new NicTable();
    nics.nameInterface(0, 0, "any");
    const back = received(nics, { ...eth0, cookedType: 0, sourceMac: PLATFORM_MAC });
    expect(shown(nics)).toEqual([["ifindex 2", null, ["10.0.0.4"]]]);
    expect(sent(nics, { ...eth0, cookedType: 4, sourceMac: MAC_1 })).toBe(back);
    expect(shown(nics)).toEqual([["ifindex 2", MAC_1, ["10.0.0.4"]]]);
  });

  test("the two interfaces of accelerated networking become one NIC when both have sent", () => {
    const nics = new NicTable();
    const virtualFunction = received(nics, { cookedInterface: 3, cookedType: 0, sourceMac: PLATFORM_MAC });
    const synthetic = received(nics, { ...eth0, cookedType: 0, sourceMac: PLATFORM_MAC });
    expect(virtualFunction).not.toBe(synthetic);
    sent(nics, { ...eth0, cookedType: 4, sourceMac: MAC_1 });
    sent(nics, { cookedInterface: 3, cookedType: 4, sourceMac: MAC_1 });
    expect(nics.current(synthetic)).toBe(nics.current(virtualFunction));
    expect(shown(nics)).toEqual([["ifindex 2", MAC_1, ["10.0.0.4"]]]);
  });

  test("names that the host knows for indexes are shown, and join the NIC with what other files name so", () => {
    const nics = new NicTable();
    nics.nameCookedInterface(0, 0, 2, "eth0");
    nics.nameInterface(1, 0, "eth0");
    received(nics, { ...eth0, cookedType: 0 });
    sent(nics, { sourceMac: MAC_1 }, { source: 1 });
    expect(shown(nics)).toEqual([["eth0", MAC_1, ["10.0.0.4"]]]);
  });

  test("the MAC of a bridged guest does not replace the interface's own", () => {
    const nics = new NicTable();
    sent(nics, { ...eth0, cookedType: 4, sourceMac: MAC_1 });
    sent(nics, { ...eth0, cookedType: 4, sourceMac: CONTAINER_MAC, source: "10.0.0.9" });
    expect(shown(nics)).toEqual([["ifindex 2", MAC_1, ["10.0.0.4", "10.0.0.9"]]]);
  });

  test("a bridge takes in what containers send; the facts tell it from a NIC", () => {
    const nics = new NicTable();
    const bridge = sent(nics, { cookedInterface: 5, cookedType: 0, sourceMac: CONTAINER_MAC, source: "172.17.0.2" });
    const nic = sent(nics, { ...eth0, cookedType: 4, sourceMac: MAC_1 });
    received(nics, { ...eth0, cookedType: 0, sourceMac: PLATFORM_MAC });
    received(nics, { cookedInterface: 5, cookedType: 4, sourceMac: "02:42:00:00:00:01", destination: "172.17.0.2" });
    expect(nics.rows[bridge]).toMatchObject({ takenIn: 1, sentOut: 0, cameIn: 0, handedOn: 1, mac: -1 });
    expect(nics.rows[nic]).toMatchObject({ takenIn: 0, sentOut: 1, cameIn: 1, handedOn: 0 });
  });
});

describe("Linux cooked v1", () => {
  test("a packet to the platform tells the NIC by its sender, one from it by the address that the NIC uses", () => {
    const nics = new NicTable();
    const first = sent(nics, { cookedType: 4, sourceMac: MAC_1 });
    const second = sent(nics, { cookedType: 4, sourceMac: MAC_2, source: "10.0.1.4" });
    expect(received(nics, { cookedType: 0, sourceMac: PLATFORM_MAC, destination: "10.0.1.4" })).toBe(second);
    expect(received(nics, { cookedType: 0, sourceMac: PLATFORM_MAC, destination: "10.0.0.4" })).toBe(first);
  });

  test("nothing tells the NIC of a packet from the platform to an address that has not sent yet", () => {
    const nics = new NicTable();
    expect(received(nics, { cookedType: 0, sourceMac: PLATFORM_MAC })).toBe(-1);
    const nic = sent(nics, { cookedType: 4, sourceMac: MAC_1 });
    expect(received(nics, { cookedType: 0, sourceMac: PLATFORM_MAC })).toBe(nic);
  });

  test("what comes in from the platform for a container's address goes to the NIC that sends from it, not to the bridge", () => {
    const nics = new NicTable();
    const bridge = sent(nics, { cookedType: 0, sourceMac: CONTAINER_MAC, source: "10.0.0.30" });
    const nic = sent(nics, { cookedType: 4, sourceMac: MAC_1, source: "10.0.0.30" });
    expect(received(nics, { cookedType: 0, sourceMac: PLATFORM_MAC, destination: "10.0.0.30" })).toBe(nic);
    expect(received(nics, { cookedType: 4, sourceMac: MAC_1, destination: "10.0.0.30" })).toBe(bridge);
  });

  test("a NIC known from another file is the same", () => {
    const nics = new NicTable();
    nics.nameInterface(0, 0, "eth0");
    const nic = sent(nics, { sourceMac: MAC_1 }, { source: 0 });
    expect(received(nics, { cookedType: 0, sourceMac: PLATFORM_MAC }, { source: 1 })).toBe(nic);
    expect(sent(nics, { cookedType: 4, sourceMac: MAC_1 }, { source: 1 })).toBe(nic);
  });
});

describe("addresses", () => {
  test("IPv4 and IPv6 addresses are listed in order of appearance, without unspecified, broadcast and multicast ones", () => {
    const nics = new NicTable();
    for (const source of ["0.0.0.0", "10.0.0.4", "fe80::20d:3aff:fe00:1", "::", "10.0.0.5", "10.0.0.4"])
      sent(nics, { source, sourceMac: MAC_1 });
    for (const destination of ["255.255.255.255", "224.0.0.1", "ff02::1"])
      received(nics, { destination, destinationMac: MAC_1 });
    expect(shown(nics)).toEqual([[null, MAC_1, ["10.0.0.4", "fe80::20d:3aff:fe00:1", "10.0.0.5"]]]);
  });

  test("ARP shows further addresses of a NIC, also before it was seen", () => {
    const nics = new NicTable();
    nics.observeArp(arpPacket({ source: "10.0.0.6", sourceMac: MAC_1 }), 0, 0);
    nics.observeArp(arpPacket({ source: "10.0.0.1", sourceMac: PLATFORM_MAC }), 0, 0);
    nics.observeArp(arpPacket({ source: "0.0.0.0", sourceMac: MAC_1 }), 0, 0);
    sent(nics, { sourceMac: MAC_1 });
    expect(shown(nics)).toEqual([[null, MAC_1, ["10.0.0.4", "10.0.0.6"]]]);
  });

  test("an ARP packet that the VM sends shows the MAC behind an interface index", () => {
    const nics = new NicTable();
    const nic = received(nics, { cookedInterface: 2, cookedType: 0, sourceMac: PLATFORM_MAC });
    nics.observeArp(arpPacket({ source: "10.0.0.4", sourceMac: MAC_1, cookedInterface: 2, cookedType: 4 }), 0, 0);
    nics.observeArp(
      arpPacket({ source: "10.0.0.1", sourceMac: PLATFORM_MAC, cookedInterface: 2, cookedType: 0 }),
      0,
      0,
    );
    expect(nics.macText(nic)).toBe(MAC_1);
  });
});

describe("counts", () => {
  test("packets of a row that became another are counted for that one", () => {
    const nics = new NicTable();
    const virtualFunction = received(nics, { cookedInterface: 3, cookedType: 0 });
    nics.countPacket(virtualFunction);
    const synthetic = sent(nics, { cookedInterface: 2, cookedType: 4, sourceMac: MAC_1 });
    nics.countPacket(synthetic);
    sent(nics, { cookedInterface: 3, cookedType: 4, sourceMac: MAC_1 });
    nics.countPacket(synthetic);
    expect(nics.rows[nics.current(synthetic)]?.platformPackets).toBe(3);
  });

  test("copies are counted for each pair of NICs, whichever came first", () => {
    const nics = new NicTable();
    const a = sent(nics, { sourceMac: MAC_1 });
    const b = sent(nics, { sourceMac: MAC_2 });
    nics.countCopy(a, b);
    nics.countCopy(b, a);
    nics.countCopy(a, -1);
    expect([nics.copiesSeen(a, b), nics.copiesSeen(b, a), nics.copiesSeen(a, a)]).toEqual([2, 2, 0]);
  });

  test("an unknown NIC counts nowhere", () => {
    const nics = new NicTable();
    nics.countPacket(-1);
    expect([nics.current(-1), nics.macText(-1), nics.interfaceName(-1), nics.addressTexts(-1)]).toEqual([
      -1,
      null,
      null,
      [],
    ]);
  });
});

describe("bounds", () => {
  test("more NICs than the bound are not told apart, and those known stay", () => {
    const nics = new NicTable();
    const first = sent(nics, { sourceMac: MAC_1 });
    for (let index = 0; index < MAX_NICS * 2; index++)
      sent(nics, { sourceMac: `00:22:48:00:${hexByte(index >> 8)}:${hexByte(index)}` });
    expect(nics.standing()).toHaveLength(MAX_NICS);
    expect(sent(nics, { sourceMac: MAC_2 })).toBe(-1);
    expect(sent(nics, { sourceMac: MAC_1 })).toBe(first);
  });

  test("addresses and interfaces of a NIC are bounded", () => {
    const nics = new NicTable();
    for (let index = 0; index < 300; index++)
      sent(nics, { sourceMac: MAC_1, source: `10.0.${index >> 8}.${index & 0xff}` }, { interfaceIndex: index });
    expect(nics.addressTexts(0)).toHaveLength(MAX_NIC_ADDRESSES);
    expect(nics.rows[0]?.places).toHaveLength(MAX_NIC_INTERFACES);
    expect(nics.rows).toHaveLength(1);
  });

  test("ARP of more stations than the bound is ignored", () => {
    const nics = new NicTable();
    for (let index = 0; index <= MAX_ARP_OWNERS; index++)
      nics.observeArp(
        arpPacket({ source: "10.0.0.9", sourceMac: `00:22:48:00:${hexByte(index >> 8)}:${hexByte(index)}` }),
        0,
        0,
      );
    sent(nics, { sourceMac: `00:22:48:00:01:00` });
    expect(nics.addressTexts(0)).toEqual(["10.0.0.4"]);
  });
});

test("the cache never changes the answer: any packets give what a table that saw each kind once gives", () => {
  const packet = fc.record({
    toPlatform: fc.boolean(),
    sourceMac: fc.constantFrom(MAC_1, MAC_2, PLATFORM_MAC, "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"),
    destinationMac: fc.constantFrom(MAC_1, MAC_2, PLATFORM_MAC, "ff:ff:ff:ff:ff:ff"),
    cookedType: fc.constantFrom(-1, 0, 4),
    cookedInterface: fc.constantFrom(-1, 2, 3),
    source: fc.constantFrom("10.0.0.4", "10.0.1.4", "fe80::1"),
    interfaceIndex: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
      const nics = new NicTable();
      const observe = ({ toPlatform, interfaceIndex, source, ...fields }: (typeof packets)[number]): number => {
        const addresses = toPlatform ? { source } : { source: PLATFORM, destination: source };
        return nics.observe(tcpPacket({ ...fields, ...addresses }), toPlatform, 0, interfaceIndex);
      };
      for (const one of packets) observe(one);
      const rows = nics.rows.length;
      for (const one of packets) observe(one);
      expect(nics.rows).toHaveLength(rows);
      for (const nic of nics.standing()) expect(nics.current(nic)).toBe(nic);
      const macs = nics
        .standing()
        .map((nic) => nics.macText(nic))
        .filter((mac) => mac !== null);
      expect(new Set(macs).size).toBe(macs.length);
    }),
  );
});

function hexByte(value: number): string {
  return (value & 0xff).toString(16).padStart(2, "0");
}
