import { expect, test } from "vitest";
import { secondaryAddressSource } from "../../src/rules/secondary-address-source.ts";
import { dhcpFact, dhcpMessageFact, factsOf, flowFact, nicFact, packetFact, seconds } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const nic = nicFact(0, { addresses: ["10.0.0.4", "10.0.0.5"] });
const platform = { ...factsOf().platform, nics: [nic] };
const packets = { 0: [packetFact(0)] };

test("an address of the primary NIC that is not its primary one is told", () => {
  const facts = factsOf({ platform, packets, flows: [flowFact(0, { vmAddress: "10.0.0.5" })] });
  expect(found(secondaryAddressSource, facts)).toEqual([
    {
      summary:
        "10.0.0.5 is a secondary address of eth0, whose primary one is 10.0.0.4; 1 conversation with the platform left from it.",
      severity: "warning",
      count: 1,
      packets: [0],
      flows: [0],
    },
  ]);
});

test("the primary address is silent", () => {
  expect(found(secondaryAddressSource, factsOf({ platform, packets, flows: [flowFact(0)] }))).toEqual([]);
});

test("nothing is said when nobody knows the primary address", () => {
  const unknown = { ...platform, nics: [{ ...nic, primaryAddress: null }] };
  const facts = factsOf({ platform: unknown, packets, flows: [flowFact(0, { vmAddress: "10.0.0.5" })] });
  expect(found(secondaryAddressSource, facts)).toEqual([]);
});

test("the IPv6 address of a NIC whose primary address is of IPv4 is not a secondary one", () => {
  const dual = { ...platform, nics: [{ ...nic, addresses: ["10.0.0.4", "fd12:3456:789a::4"] }] };
  const facts = factsOf({ platform: dual, packets, flows: [flowFact(0, { vmAddress: "fd12:3456:789a::4" })] });
  expect(found(secondaryAddressSource, facts)).toEqual([]);
});

const ack = (packet: number, address: string) =>
  dhcpMessageFact(packet, { type: "ACK", fromClient: false, offeredAddress: address });
const before = flowFact(0, { vmAddress: "10.0.0.5" });

test("the address of an earlier lease was the primary one in its time", () => {
  const dhcp = [dhcpFact(0, { messages: [ack(0, "10.0.0.5")] }), dhcpFact(1, { messages: [ack(9, "10.0.0.4")] })];
  expect(found(secondaryAddressSource, factsOf({ platform, packets, dhcp, flows: [before] }))).toEqual([]);
});

test("before the first lease nothing tells which address was the primary one, unless the lease's was in use as well", () => {
  const dhcp = [dhcpFact(1, { messages: [ack(9, "10.0.0.4")] })];
  const after = flowFact(1, { vmAddress: "10.0.0.4", startedNs: seconds(10) });
  expect(found(secondaryAddressSource, factsOf({ platform, packets, dhcp, flows: [before, after] }))).toEqual([]);
  const beside = flowFact(1, { vmAddress: "10.0.0.4" });
  expect(found(secondaryAddressSource, factsOf({ platform, packets, dhcp, flows: [before, beside] }))).toHaveLength(1);
});

test("a renewal tells of a lease that was there before", () => {
  const dhcp = [dhcpFact(1, { kind: "renew", messages: [ack(9, "10.0.0.4")] })];
  expect(found(secondaryAddressSource, factsOf({ platform, packets, dhcp, flows: [before] }))).toHaveLength(1);
});

test("a pod's own address, which leaves without translation, is none of the NIC's", () => {
  const veth = nicFact(1, { interface: "azv1234", addresses: ["10.0.0.5"], primary: false, inner: true });
  const node = { ...platform, nics: [nic, veth] };
  expect(found(secondaryAddressSource, factsOf({ platform: node, packets, flows: [before] }))).toEqual([]);
});
