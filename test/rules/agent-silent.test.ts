import { expect, test } from "vitest";
import { agentSilent } from "../../src/rules/agent-silent.ts";
import { captureFacts, factsOf, flowFact, httpFact, packetFact, seconds } from "../support/facts.ts";
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

/** Polls at these seconds, each a connection of its own, and DNS queries at those. */
function polled(polls: readonly number[], queries: readonly number[]) {
  const at = [...polls, ...queries];
  const flows = at.map((second, id) => {
    const times = { startedNs: seconds(second), endedNs: seconds(second + 0.1) };
    return id < polls.length ? flowFact(id, times) : flowFact(id, { ...dns, id, ...times });
  });
  const http = polls.map((second, id) =>
    httpFact(id, {
      flow: id,
      operation: "goal-state",
      requestedNs: seconds(second),
      requestPacket: id,
      responsePacket: id,
    }),
  );
  return factsOf({
    flows,
    http,
    packets: Object.fromEntries(at.map((second, id) => [id, [packetFact(id, { flow: id, atNs: seconds(second) })]])),
    capture: captureFacts({ durationMs: 200_000, startedNs: 0, endedNs: seconds(200) }),
  });
}

const REGULAR = [0, 6, 12, 18, 24, 30];

test("regular polling that pauses for a minute while other traffic begins is told with the time", () => {
  expect(found(agentSilent, polled([...REGULAR, 120, 126, 132], [20, 50, 90]))).toEqual([
    {
      summary: "The agent asked every 6 s, then for 89.9 s nothing while other traffic flowed, and then went on.",
      severity: "warning",
      count: 1,
      packets: [5, 6, 10, 11],
      flows: [5, 6, 10, 11],
    },
  ]);
});

test("a pause of less than a minute is silent", () => {
  expect(found(agentSilent, polled([...REGULAR, 90, 96], [50, 80]))).toEqual([]);
});

test("a pause in which other traffic stopped too is the VM's, not the agent's, and silent", () => {
  expect(found(agentSilent, polled([...REGULAR, 120, 126], [31, 32]))).toEqual([]);
});

test("a pause between requests that were never regular is silent", () => {
  expect(found(agentSilent, polled([0, 1, 30, 31, 75, 180, 181], [50, 90, 120, 150]))).toEqual([]);
});

test("a clock that jumped ahead made the pause, and it is silent", () => {
  const jump = { source: 0, frame: 3, fromNs: seconds(31), toNs: seconds(119) };
  const facts = polled([...REGULAR, 120, 126], [50, 90]);
  expect(found(agentSilent, { ...facts, capture: { ...facts.capture, clockJumps: [jump] } })).toEqual([]);
});
