import { describe, expect, test } from "vitest";
import { FlowField } from "../../src/flow/flow-table.ts";
import type { FlowTracker } from "../../src/flow/tracker.ts";
import { listenerOf, trackCaptures } from "../support/track-capture.ts";

/** "10.1.0.4 50190" for each flow. */
function vmEnds({ flows }: FlowTracker): string[] {
  return Array.from(
    { length: flows.rows },
    (_unused, flow) => `${flows.vmAddressText(flow)} ${flows.int(flow, FlowField.vmPort)}`,
  );
}

/** Of each NIC: name, MAC, addresses. */
function nicsOf({ nics }: FlowTracker): unknown[] {
  return nics.standing().map((nic) => [nics.interfaceName(nic), nics.macText(nic), nics.addressTexts(nic)]);
}

describe("any-duplicates.pcap: accelerated networking", () => {
  test("each packet is there twice and counts once, on one NIC", async () => {
    const tracker = await trackCaptures(["any-duplicates.pcap"]);
    expect(tracker.counters.duplicatePackets * 2).toBe(tracker.counters.platformPackets);
    expect(nicsOf(tracker)).toEqual([[expect.stringMatching(/^ifindex \d+$/), "00:0d:3a:4c:1e:04", ["10.1.0.4"]]]);
    expect(tracker.translations.pairs).toEqual([]);
  });
});

describe("any-sll1.pcap: Linux cooked v1", () => {
  test("nothing is taken for a duplicate, and the sender's MAC names the NIC", async () => {
    const tracker = await trackCaptures(["any-sll1.pcap"]);
    expect(tracker.counters.duplicatePackets).toBe(0);
    expect(nicsOf(tracker)).toEqual([[null, "00:0d:3a:4c:1e:04", ["10.1.0.4"]]]);
  });
});

describe("container-nat.pcap: a container behind the VM's translation", () => {
  test("each flow of the container is tied to the VM's with the same port, and the bridge is told from the NIC", async () => {
    const tracker = await trackCaptures(["container-nat.pcap"]);
    const ends = vmEnds(tracker);
    const inner = ends.filter((end) => end.startsWith("172.17.0.2 "));
    const pairs = tracker.translations.pairs.map(({ original, translated }) => [ends[original], ends[translated]]);
    expect(inner).toHaveLength(4);
    expect(pairs).toEqual(inner.map((end) => [end, end.replace("172.17.0.2", "10.1.0.4")]));
    const { nics } = tracker;
    const facts = nics.standing().map((nic) => {
      const row = nics.rows[nic];
      return { taken: (row?.takenIn ?? 0) > 0, sent: (row?.sentOut ?? 0) > 0, addresses: nics.addressTexts(nic) };
    });
    expect(facts).toEqual([
      { taken: false, sent: true, addresses: ["10.1.0.4"] },
      { taken: true, sent: false, addresses: ["172.17.0.2", "172.17.0.1"] },
    ]);
  });
});

describe("fragments.pcap: an answer in fragments", () => {
  test("it is one datagram of the size that was sent", async () => {
    const datagrams: [boolean, number, boolean][] = [];
    await trackCaptures(
      ["fragments.pcap"],
      listenerOf({
        datagram: (_flow, toPlatform, _packet, _atNs, _view, start, end, whole) =>
          datagrams.push([toPlatform, end - start, whole]),
      }),
    );
    const answers = datagrams.filter(([toPlatform]) => !toPlatform);
    expect(Math.max(...answers.map(([, bytes]) => bytes))).toBeGreaterThan(1200);
    expect(datagrams.every(([, , whole]) => whole)).toBe(true);
  });
});

describe("healthy-boot.pcapng: two NICs in one file", () => {
  test("each is a row with its name, MAC and address", async () => {
    const tracker = await trackCaptures(["healthy-boot.pcapng"]);
    expect(nicsOf(tracker)).toEqual([
      ["eth0", "00:0d:3a:4c:1e:04", ["10.1.0.4"]],
      ["eth1", "00:22:48:9b:52:07", ["10.1.1.4"]],
    ]);
    expect(tracker.counters.duplicatePackets).toBe(0);
  });
});

describe("one capture read twice, as two sources", () => {
  test.each([
    "healthy-boot.pcapng",
    "tcp-loss.pcap",
    "tcp-reordering.pcap",
    "dns-trouble.pcap",
    "dhcp-acquire.pcap",
    "icmp-errors.pcap",
    "fragments.pcap",
    "probes-ipv6.pcap",
    "container-nat.pcap",
  ])("%s: every packet of the second is a duplicate, and the flows and NICs are those of one", async (name) => {
    const once = await trackCaptures([name]);
    const twice = await trackCaptures([name, name]);
    expect(twice.counters.platformPackets).toBe(once.counters.platformPackets * 2);
    expect(twice.counters.duplicatePackets).toBe(once.counters.platformPackets + once.counters.duplicatePackets);
    expect(vmEnds(twice)).toEqual(vmEnds(once));
    expect(nicsOf(twice).map(String).sort()).toEqual(nicsOf(once).map(String).sort());
  });
});
