import { expect, test } from "vitest";
import { dhcpRefused } from "../../src/rules/dhcp-refused.ts";
import { dhcpFact, dhcpMessageFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("a NAK is told with its server", () => {
  const messages = [
    dhcpMessageFact(0, { type: "REQUEST" }),
    dhcpMessageFact(1, { type: "NAK", fromClient: false, serverIdentifier: "168.63.129.16" }),
  ];
  expect(found(dhcpRefused, factsOf({ dhcp: [dhcpFact(0, { outcome: "refused", messages })] }))).toEqual([
    {
      summary: "00:0d:3a:00:00:04: 1 message NAK (server 168.63.129.16).",
      severity: "warning",
      count: 1,
      packets: [1],
      flows: [],
    },
  ]);
});

test("an exchange that is acknowledged is silent", () => {
  expect(found(dhcpRefused, factsOf({ dhcp: [dhcpFact(0, { messages: [dhcpMessageFact(0)] })] }))).toEqual([]);
});
