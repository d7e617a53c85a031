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
