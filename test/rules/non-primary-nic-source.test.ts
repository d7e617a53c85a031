import { expect, test } from "vitest";
import type { PlatformFacts } from "../../src/rules/facts.ts";
import { nonPrimaryNicSource } from "../../src/rules/non-primary-nic-source.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { factsOf, flowFact, nicFact, packetFact } from "../support/facts.ts";

const platform: PlatformFacts = {
  addresses: ["168.63.129.16"],
  nics: [nicFact(0), nicFact(1)],
  primaryNic: 0,
  primaryNicOrigin: "dhcp",
  sourceMacs: [],
  timeToLives: [],
  gatewayMacs: [],
};
const wrong = flowFact(0, { nicTo: 1, nicFrom: 1, vmAddress: "10.0.1.4" });
const packets = { 0: [packetFact(3), packetFact(4, { toPlatform: false }), packetFact(5)] };

function findings(over: Parameters<typeof factsOf>[0]) {
  return [...nonPrimaryNicSource.find(factsOf({ platform, ...over }), DEFAULT_THRESHOLDS)];
}

test("traffic that leaves by a secondary NIC is found with every packet that left by it", () => {
  const [found] = findings({ flows: [wrong], packets });
  expect(found).toMatchObject({ count: 1, flows: [0], packets: [3, 5] });
  expect(found?.summary).toBe(
    "1 conversation with 168.63.129.16 left by eth1 (10.0.1.4, 00:0d:3a:00:00:05); the primary NIC is eth0 (10.0.0.4, 00:0d:3a:00:00:04) (its DHCP lease carries the platform route).",
  );
});

test("the primary NIC may send", () => {
  expect(findings({ flows: [flowFact(0)], packets })).toEqual([]);
});

test("nothing is wrong while nothing tells which NIC is the primary one", () => {
  const unknown = {
    ...platform,
    primaryNic: null,
    nics: [nicFact(0, { primary: null }), nicFact(1, { primary: null })],
  };
  expect(findings({ platform: unknown, flows: [wrong], packets })).toEqual([]);
});

test("DHCP and health probes of a secondary NIC are normal", () => {
  const dhcp = flowFact(0, { nicTo: 1, service: "dhcp" });
  const probe = flowFact(1, { nicTo: 1, service: "health-probe", initiator: "platform" });
  expect(findings({ flows: [dhcp, probe], packets: { 0: packets[0], 1: packets[0] } })).toEqual([]);
});

test("a bridge of containers is no NIC of the VM", () => {
  const bridged = { ...platform, nics: [nicFact(0), nicFact(1, { inner: true, primary: false })] };
  expect(findings({ platform: bridged, flows: [wrong], packets })).toEqual([]);
});

test("an address that leaves by another NIC than its own is found by the MAC", () => {
  const [found] = findings({ flows: [{ ...wrong, vmAddress: "10.0.0.4" }], packets });
  expect(found?.displayFilter).toBe(
    "(eth.src == 00:0d:3a:00:00:05 || sll.src.eth == 00:0d:3a:00:00:05) && ip.dst == 168.63.129.16 && !dhcp",
  );
});

test("no flows, no findings", () => {
  expect(findings({})).toEqual([]);
});

test("an interface's name, which the capture chooses, ends no string of the display filter and is no command", () => {
  const nics = [nicFact(0, { interface: "$(reboot)" }), nicFact(1, { mac: null, interface: 'a" || frame \\' })];
  const [found] = findings({ platform: { ...platform, nics }, flows: [wrong], packets });
  expect(found?.displayFilter).toBe('frame.interface_name == "a || frame " && ip.dst == 168.63.129.16 && !dhcp');
  expect(found?.remedy?.split("Linux:")[1]).not.toContain("reboot");
});
