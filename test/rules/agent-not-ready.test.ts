import { expect, test } from "vitest";
import { agentNotReady } from "../../src/rules/agent-not-ready.ts";
import { factsOf, httpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const report = (id: number, state: string, substatus: string | null, description: string | null) =>
  httpFact(id, { operation: "report-health", method: "POST", health: { state, substatus, description } });

test("a failed provisioning is told with the agent's own words", () => {
  const facts = factsOf({ http: [report(0, "NotReady", "ProvisioningFailed", "failure to obtain DHCP lease")] });
  expect(found(agentNotReady, facts)).toEqual([
    {
      summary: "1 report of NotReady (ProvisioningFailed): failure to obtain DHCP lease.",
      severity: "critical",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("NotReady while provisioning goes on is a normal step of the first boot", () => {
  const facts = factsOf({ http: [report(0, "NotReady", "Provisioning", "Starting"), report(1, "Ready", null, null)] });
  expect(found(agentNotReady, facts)).toEqual([]);
});
