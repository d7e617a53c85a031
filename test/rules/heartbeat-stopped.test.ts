import { expect, test } from "vitest";
import { heartbeatStopped } from "../../src/rules/heartbeat-stopped.ts";
import { captureFacts, factsOf, flowFact, httpFact, seconds } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const polls = [0, 1, 2, 3].map((id) => httpFact(id));
const flows = polls.map((poll) => flowFact(poll.id, { startedNs: poll.requestedNs ?? 0 }));
const ending = (at: number) => captureFacts({ endedNs: seconds(at) });

test("five periods without a try after regular polling are told", () => {
  expect(found(heartbeatStopped, factsOf({ http: polls, flows, capture: ending(48) }))).toEqual([
    {
      summary: "4 polls (goal-state), one every 6 s, and then nothing for 30 s to the end of the capture.",
      severity: "critical",
      count: 1,
      packets: [6, 7],
      flows: [3],
    },
  ]);
});

test("less than five periods are silent", () => {
  expect(found(heartbeatStopped, factsOf({ http: polls, flows, capture: ending(47.9) }))).toEqual([]);
});

test("tries that fail are no silence", () => {
  const tried = [...flows, flowFact(4, { startedNs: seconds(40) })];
  expect(found(heartbeatStopped, factsOf({ http: polls, flows: tried, capture: ending(60) }))).toEqual([]);
});

test("three polls are too few for a rhythm", () => {
  expect(
    found(heartbeatStopped, factsOf({ http: polls.slice(0, 3), flows: flows.slice(0, 3), capture: ending(600) })),
  ).toEqual([]);
});

test("requests without a rhythm are silent", () => {
  const wild = [0, 1, 50, 53, 200].map((at, id) => httpFact(id, { requestedNs: seconds(at) }));
  expect(found(heartbeatStopped, factsOf({ http: wild, capture: ending(9999) }))).toEqual([]);
});

/** The agent of another VM, which goes on for a minute. */
const neighbour = { vmAddress: "10.0.0.9", vmMac: "00:0d:3a:00:00:09" };
const others = [...Array(11).keys()].map((turn) =>
  httpFact(10 + turn, { flow: 4 + turn, requestedNs: seconds(6 * turn + 2) }),
);
const otherFlows = others.map((poll) => flowFact(poll.flow, { ...neighbour, startedNs: poll.requestedNs ?? 0 }));

test("of two VMs the one that stops is told, though the other goes on", () => {
  const both = factsOf({ http: [...polls, ...others], flows: [...flows, ...otherFlows], capture: ending(63) });
  expect(found(heartbeatStopped, both).map(({ summary, count }) => [summary, count])).toEqual([
    ["4 polls (goal-state) of 10.0.0.4, one every 6 s, and then nothing for 45 s to the end of the capture.", 1],
  ]);
});

test("two VMs that stop are one anomaly", () => {
  const both = factsOf({ http: [...polls, ...others], flows: [...flows, ...otherFlows], capture: ending(100) });
  expect(found(heartbeatStopped, both).map(({ summary, count }) => [summary, count])).toEqual([
    [
      "11 polls (goal-state) of 10.0.0.9, one every 6 s, and then nothing for 38 s to the end of the capture; likewise 1 other VM address.",
      2,
    ],
  ]);
});

test("many VMs whose polls together come every few milliseconds have not stopped at a pause between two of them", () => {
  const vms = [...Array(20).keys()];
  const http = vms.flatMap((vm) =>
    [0, 1, 2, 3, 4].map((turn) => ({ vm, fact: httpFact(0, { requestedNs: seconds(6 * turn + vm / 100) }) })),
  );
  http.sort((a, b) => (a.fact.requestedNs ?? 0) - (b.fact.requestedNs ?? 0));
  const requests = http.map(({ fact }, id) => ({ ...fact, id, flow: id }));
  const connections = http.map(({ vm, fact }, id) =>
    flowFact(id, { vmAddress: `10.0.1.${vm}`, vmMac: `00:0d:3a:00:01:${10 + vm}`, startedNs: fact.requestedNs ?? 0 }),
  );
  expect(found(heartbeatStopped, factsOf({ http: requests, flows: connections, capture: ending(28) }))).toEqual([]);
});

test("a VM that goes on from another address of the same NIC has not stopped", () => {
  const moved = otherFlows.map((flow) => ({ ...flow, vmMac: "00:0d:3a:00:00:04" }));
  const facts = factsOf({ http: [...polls, ...others], flows: [...flows, ...moved], capture: ending(63) });
  expect(found(heartbeatStopped, facts)).toEqual([]);
});

test("a container that asks no more is no agent that stopped", () => {
  const facts = factsOf({
    http: [...polls, ...others],
    flows: [...flows, ...otherFlows],
    translatedFlows: flows.map(({ id }) => ({ original: id, translated: 4 + id })),
    capture: ending(63),
  });
  expect(found(heartbeatStopped, facts)).toEqual([]);
});
