import { expect, test } from "vitest";
import { dhcpUnanswered } from "../../src/rules/dhcp-unanswered.ts";
import { dhcpFact, dhcpMessageFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const discovers = [dhcpMessageFact(0), dhcpMessageFact(1)];

test("two messages without an answer are told", () => {
  expect(
    found(dhcpUnanswered, factsOf({ dhcp: [dhcpFact(0, { outcome: "unanswered", messages: discovers })] })),
  ).toEqual([
    {
      summary: "2 messages of 00:0d:3a:00:00:04 (acquire) got no answer.",
      severity: "critical",
      count: 2,
      packets: [0, 1],
      flows: [],
    },
  ]);
});

test("a renewal that fails before one that succeeds is a warning", () => {
  const dhcp = [
    dhcpFact(0, { kind: "renew", outcome: "unanswered", messages: discovers }),
    dhcpFact(1, { kind: "rebind" }),
  ];
  expect(found(dhcpUnanswered, factsOf({ dhcp }))[0]?.severity).toBe("warning");
});

test("one message is silent", () => {
  expect(
    found(dhcpUnanswered, factsOf({ dhcp: [dhcpFact(0, { outcome: "unanswered", messages: discovers.slice(1) })] })),
  ).toEqual([]);
});

test("a client that still waits when the capture ends is silent", () => {
  expect(
    found(
      dhcpUnanswered,
      factsOf({ dhcp: [dhcpFact(0, { outcome: "unanswered", pendingAtEnd: true, messages: discovers })] }),
    ),
  ).toEqual([]);
});

test("the agent's own bare DISCOVERs without an answer are told like any client's", () => {
  const probe = (packet: number) =>
    dhcpFact(packet, {
      transactionId: packet,
      outcome: "unanswered",
      messages: [dhcpMessageFact(packet, { bare: true })],
    });
  expect(found(dhcpUnanswered, factsOf({ dhcp: [probe(0), probe(10)] }))).toHaveLength(1);
});

test("a client that takes up an offer which was not captured has its answers", () => {
  const request = dhcpMessageFact(1, { type: "REQUEST", serverIdentifier: "168.63.129.16" });
  const messages = [dhcpMessageFact(0), request];
  expect(found(dhcpUnanswered, factsOf({ dhcp: [dhcpFact(0, { outcome: "unanswered", messages })] }))).toEqual([]);
  const late = [request, dhcpMessageFact(5, { type: "REQUEST", serverIdentifier: "168.63.129.16" })];
  expect(
    found(dhcpUnanswered, factsOf({ dhcp: [dhcpFact(0, { outcome: "unanswered", messages: late })] })),
  ).toHaveLength(1);
});
