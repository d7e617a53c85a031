import { expect, test } from "vitest";
import { dhcpReplyIgnored } from "../../src/rules/dhcp-reply-ignored.ts";
import { dhcpFact, dhcpMessageFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const offer = (packet: number) => dhcpMessageFact(packet, { type: "OFFER", fromClient: false });

test("a DISCOVER after an OFFER is told with both", () => {
  const messages = [dhcpMessageFact(0), offer(1), dhcpMessageFact(2), offer(3)];
  expect(found(dhcpReplyIgnored, factsOf({ dhcp: [dhcpFact(0, { outcome: "offered", messages })] }))).toEqual([
    {
      summary: "00:0d:3a:00:00:04 asked again although its answer had arrived, 1 time.",
      severity: "critical",
      count: 1,
      packets: [1, 2],
      flows: [],
    },
  ]);
});

test("DISCOVER, OFFER, REQUEST, ACK is silent", () => {
  const messages = [
    dhcpMessageFact(0),
    offer(1),
    dhcpMessageFact(2, { type: "REQUEST" }),
    dhcpMessageFact(3, { type: "ACK", fromClient: false }),
  ];
  expect(found(dhcpReplyIgnored, factsOf({ dhcp: [dhcpFact(0, { messages })] }))).toEqual([]);
});

test("a renewal soon after the ACK has a transaction of its own and is silent", () => {
  const ack = (packet: number) => dhcpMessageFact(packet, { type: "ACK", fromClient: false });
  const renewals = [0, 2, 4].map((at, id) =>
    dhcpFact(id, {
      kind: "renew",
      transactionId: id,
      messages: [dhcpMessageFact(at, { type: "REQUEST" }), ack(at + 1)],
    }),
  );
  expect(found(dhcpReplyIgnored, factsOf({ dhcp: renewals }))).toEqual([]);
});

test("a renewal from the leased address that keeps its transaction id is silent", () => {
  const ack = (packet: number) => dhcpMessageFact(packet, { type: "ACK", fromClient: false });
  const renewal = (packet: number) => dhcpMessageFact(packet, { type: "REQUEST", sourceAddress: "10.0.0.4" });
  const messages = [dhcpMessageFact(0, { type: "REQUEST" }), ack(1), renewal(2), ack(3), renewal(4)];
  expect(found(dhcpReplyIgnored, factsOf({ dhcp: [dhcpFact(0, { messages })] }))).toEqual([]);
});

test("a REQUEST that is sent again after its ACK is told", () => {
  const messages = [
    dhcpMessageFact(0, { type: "REQUEST" }),
    dhcpMessageFact(1, { type: "ACK", fromClient: false }),
    dhcpMessageFact(2, { type: "REQUEST" }),
  ];
  expect(found(dhcpReplyIgnored, factsOf({ dhcp: [dhcpFact(0, { messages })] }))).toHaveLength(1);
});

test("the agent's bare DISCOVER takes no offer up, and is sent again when the agent starts again", () => {
  const probe = (id: number) =>
    dhcpFact(id, {
      transactionId: id,
      outcome: "offered",
      messages: [dhcpMessageFact(2 * id, { bare: true }), offer(2 * id + 1)],
    });
  expect(found(dhcpReplyIgnored, factsOf({ dhcp: [probe(0), probe(1), probe(2)] }))).toEqual([]);
});
