import { expect, test } from "vitest";
import { agentDhcpProbe } from "../../src/rules/agent-dhcp-probe.ts";
import { dhcpFact, dhcpMessageFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("a DISCOVER without any other option is the agent's", () => {
  expect(
    found(agentDhcpProbe, factsOf({ dhcp: [dhcpFact(0, { messages: [dhcpMessageFact(0, { bare: true })] })] })),
  ).toEqual([
    { summary: "1 bare DISCOVER from 00:0d:3a:00:00:04.", severity: "notice", count: 1, packets: [0], flows: [] },
  ]);
});

test("a DHCP client's DISCOVER is silent", () => {
  expect(found(agentDhcpProbe, factsOf({ dhcp: [dhcpFact(0, { messages: [dhcpMessageFact(0)] })] }))).toEqual([]);
});
