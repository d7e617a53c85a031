import { expect, test } from "vitest";
import { handshakeUnanswered } from "../../src/rules/handshake-unanswered.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { captureFacts, factsOf, flowFact, nicFact, packetFact, seconds, tcpFact } from "../support/facts.ts";

const SYN = 2;
const unanswered = flowFact(0, {
  packets: { toPlatform: 3, fromPlatform: 0 },
  tcp: tcpFact({ outcome: "unanswered", ending: null, synRetransmissions: 2, synAcks: 0 }),
});
const syns = [0, 1, 3].map((second) => packetFact(second, { atNs: seconds(second), tcpFlags: SYN }));

function findings(over: Parameters<typeof factsOf>[0]) {
  return [...handshakeUnanswered.find(factsOf(over), DEFAULT_THRESHOLDS)];
}

test("repeated SYNs without any answer are found, with every SYN as evidence", () => {
  const [found] = findings({ flows: [unanswered], packets: { 0: syns } });
  expect(found).toMatchObject({ count: 1, flows: [0], packets: [0, 1, 3], firstNs: 0, lastNs: seconds(3) });
  expect(found?.summary).toBe("1 connection to tcp/80 of 168.63.129.16 sent 3 SYNs and got nothing back.");
  expect(found?.displayFilter).toBe(
    "ip.addr == 168.63.129.16 && tcp.port == 80 && tcp.flags.syn == 1 && tcp.flags.ack == 0",
  );
});

test("connections to one port are one finding, to another port another", () => {
  const second = { ...unanswered, id: 1, vmPort: 50001 };
  const third = { ...unanswered, id: 2, platformPort: 32526 };
  const found = findings({ flows: [unanswered, second, third], packets: { 0: syns, 1: syns, 2: syns } });
  expect(found.map((one) => one.flows)).toEqual([[0, 1], [2]]);
});

test("a single SYN proves nothing", () => {
  expect(findings({ flows: [unanswered], packets: { 0: syns.slice(0, 1) } })).toEqual([]);
});

test("single SYNs of attempts that follow each other are a repeated SYN", () => {
  const attempt = (id: number) => ({ ...unanswered, id, vmPort: 50000 + id, startedNs: seconds(id) });
  const syn = (id: number) => [packetFact(id, { atNs: seconds(id), tcpFlags: SYN, flow: id })];
  const packets = { 0: syn(0), 1: syn(1), 2: syn(2) };
  const [found] = findings({ flows: [attempt(0), attempt(1), attempt(2)], packets });
  expect(found).toMatchObject({ count: 3, flows: [0, 1, 2], packets: [0, 1, 2] });
  expect(found?.summary).toBe("3 connections to tcp/80 of 168.63.129.16 sent 3 SYNs and got nothing back.");
});

test("single SYNs prove nothing when a connection came to be between them, or when they are for two endpoints", () => {
  const attempt = (id: number) => ({ ...unanswered, id, vmPort: 50000 + id, startedNs: seconds(id) });
  const syn = (id: number) => [packetFact(id, { atNs: seconds(id), tcpFlags: SYN, flow: id })];
  const packets = { 0: syn(0), 1: syn(1), 2: syn(2) };
  expect(findings({ flows: [attempt(0), flowFact(1), attempt(2)], packets })).toEqual([]);
  expect(findings({ flows: [attempt(0), { ...attempt(1), platformPort: 32526 }], packets })).toEqual([]);
});

test("the second SYN must have had a second for its answer", () => {
  const twice = syns.slice(0, 2);
  const endingAt = (endedNs: number) =>
    findings({
      flows: [unanswered],
      packets: { 0: twice },
      capture: captureFacts({ endedNs }),
    });
  expect(endingAt(seconds(1.999))).toEqual([]);
  expect(endingAt(seconds(2))).toHaveLength(1);
});

test("an answered handshake is silent", () => {
  expect(findings({ flows: [flowFact(0)], packets: { 0: syns } })).toEqual([]);
});

test("a port that the platform does not serve is another rule's", () => {
  expect(findings({ flows: [{ ...unanswered, platformPort: 443 }], packets: { 0: syns } })).toEqual([]);
});

test("a probe of the platform that the VM does not answer is another rule's", () => {
  expect(findings({ flows: [{ ...unanswered, initiator: "platform" }], packets: { 0: syns } })).toEqual([]);
});

test("a capture of one direction proves nothing", () => {
  const capture = captureFacts({ oneWayFlows: { toPlatform: 10, fromPlatform: 0 }, twoWayFlows: 0 });
  expect(findings({ flows: [unanswered], packets: { 0: syns }, capture })).toEqual([]);
});

test("no flows, no findings", () => {
  expect(findings({})).toEqual([]);
});

test("where the capture shows several NICs or VMs, whose connections they are is told", () => {
  const { platform } = factsOf();
  const nics = [nicFact(0), nicFact(1)];
  const [found] = findings({ flows: [unanswered], packets: { 0: syns }, platform: { ...platform, nics } });
  expect(found?.summary).toBe(
    "1 connection from 10.0.0.4 to tcp/80 of 168.63.129.16 sent 3 SYNs and got nothing back.",
  );
});
