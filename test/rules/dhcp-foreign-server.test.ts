import { expect, test } from "vitest";
import { dhcpForeignServer } from "../../src/rules/dhcp-foreign-server.ts";
import { dhcpFact, dhcpMessageFact, factsOf, nicFact, packetFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const offerOf = (serverIdentifier: string, platformAddress: string | null) =>
  dhcpMessageFact(1, {
    type: "OFFER",
    fromClient: false,
    serverIdentifier,
    platformAddress,
    sourceMac: "02:00:00:00:00:99",
  });

test("another server without option 245 is told with its MAC", () => {
  expect(
    found(dhcpForeignServer, factsOf({ dhcp: [dhcpFact(0, { messages: [offerOf("192.168.122.1", null)] })] })),
  ).toEqual([
    {
      summary:
        "1 answer to 00:0d:3a:00:00:04 from DHCP server 192.168.122.1 (02:00:00:00:00:99), which is not the platform's.",
      severity: "critical",
      count: 1,
      packets: [1],
      flows: [],
    },
  ]);
});

test("a Classic server with a private identifier and option 245 is the platform's", () => {
  const platform = { ...factsOf().platform, addresses: ["168.63.129.16", "100.115.176.3"] };
  const dhcp = [dhcpFact(0, { messages: [offerOf("10.62.3.42", "100.115.176.3")] })];
  expect(found(dhcpForeignServer, factsOf({ platform, dhcp }))).toEqual([]);
});

test("the platform's own server is silent", () => {
  expect(
    found(dhcpForeignServer, factsOf({ dhcp: [dhcpFact(0, { messages: [offerOf("168.63.129.16", null)] })] })),
  ).toEqual([]);
});

test("the server of a nested machine's bridge is silent; one whose answers reach a NIC is not", () => {
  const bridge = nicFact(1, { interface: "virbr0", primary: false, inner: true });
  const platform = { ...factsOf().platform, nics: [nicFact(0), bridge] };
  const dhcp = [dhcpFact(0, { messages: [offerOf("192.168.122.1", null)] })];
  const on = (nic: number) => factsOf({ platform, dhcp, packets: { 9: [packetFact(1, { nic })] } });
  expect(found(dhcpForeignServer, on(1))).toEqual([]);
  expect(found(dhcpForeignServer, on(0))).toHaveLength(1);
});
