import { expect, test } from "vitest";
import { requestUnanswered } from "../../src/rules/request-unanswered.ts";
import { captureFacts, factsOf, flowFact, httpFact, seconds, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const open = httpFact(0, { status: null, respondedNs: null, responseMs: null, responsePacket: null, completed: false });
const flow = flowFact(0, { tcp: tcpFact({ ending: "open", firstFin: null }) });
const ending = (at: number) => captureFacts({ endedNs: seconds(at) });

test("ten seconds without an answer are told", () => {
  expect(found(requestUnanswered, factsOf({ http: [open], flows: [flow], capture: ending(10) }))).toEqual([
    {
      summary: "1 request to WireServer (tcp/80) got no answer: goal-state.",
      severity: "critical",
      count: 1,
      packets: [0],
      flows: [0],
    },
  ]);
});

test("a request that still waits when the capture ends is silent", () => {
  expect(found(requestUnanswered, factsOf({ http: [open], flows: [flow], capture: ending(9.9) }))).toEqual([]);
});

test("a client that gave up sooner is told", () => {
  const closed = flowFact(0, { tcp: tcpFact({ firstFin: "vm" }) });
  expect(found(requestUnanswered, factsOf({ http: [open], flows: [closed], capture: ending(2) }))).toHaveLength(1);
});

test("an answer that the capture lost is silent", () => {
  const lossy = flowFact(0, { tcp: tcpFact({ lostBytes: { toPlatform: 0, fromPlatform: 500 } }) });
  expect(found(requestUnanswered, factsOf({ http: [open], flows: [lossy], capture: ending(60) }))).toEqual([]);
});

test("an answer behind the snap length is silent", () => {
  expect(
    found(requestUnanswered, factsOf({ http: [{ ...open, cutByCapture: true }], flows: [flow], capture: ending(60) })),
  ).toEqual([]);
});
