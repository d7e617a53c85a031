import { expect, test } from "vitest";
import { agentSilent } from "../../src/rules/agent-silent.ts";
import { captureFacts, factsOf, flowFact, packetFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const dns = flowFact(0, { service: "dns", protocol: "udp", platformPort: 53, tcp: null });
const probe = flowFact(1, { service: "health-probe", initiator: "platform", vmPort: 8080 });
const packets = { 0: [packetFact(0)], 1: [packetFact(1), packetFact(2)] };

test("a minute of other traffic without one packet of the agent is told", () => {
  const facts = factsOf({ flows: [dns, probe], packets, capture: captureFacts({ durationMs: 60_000 }) });
  expect(found(agentSilent, facts)).toEqual([
    {
      summary:
        "In 60 s not one packet to tcp/80 or tcp/32526, while dns, health-probe traffic flowed. The agent is stopped, or its packets are dropped on the VM before they reach a NIC.",
      severity: "warning",
      count: 1,
      packets: [0, 1, 2],
      flows: [0, 1],
    },
  ]);
});

test("a shorter capture is silent", () => {
  expect(
    found(agentSilent, factsOf({ flows: [dns, probe], packets, capture: captureFacts({ durationMs: 59_999 }) })),
  ).toEqual([]);
});

test("one kind of traffic alone may be a filter's work and is silent", () => {
  expect(found(agentSilent, factsOf({ flows: [dns], packets }))).toEqual([]);
});

test("a single try of the agent is enough for silence", () => {
  expect(found(agentSilent, factsOf({ flows: [dns, probe, flowFact(2)], packets }))).toEqual([]);
});

test("the time that the clock jumped over was not watched", () => {
  const jump = { source: 0, frame: 3, fromNs: 5e9, toNs: 7205e9 };
  const capture = captureFacts({ durationMs: 7_220_000, clockJumps: [jump] });
  expect(found(agentSilent, factsOf({ flows: [dns, probe], packets, capture }))).toEqual([]);
});
