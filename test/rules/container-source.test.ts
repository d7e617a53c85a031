import { expect, test } from "vitest";
import { containerSource } from "../../src/rules/container-source.ts";
import type { NicFact } from "../../src/rules/facts.ts";
import { factsOf, flowFact, nicFact, packetFact, tcpFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const packets = { 0: [packetFact(0)] };

test("the inner twin of a translated connection is told", () => {
  const facts = factsOf({
    packets,
    flows: [flowFact(0, { vmAddress: "172.17.0.2" })],
    translatedFlows: [{ original: 0, translated: 1 }],
  });
  expect(found(containerSource, facts)).toEqual([
    {
      summary: "172.17.0.2 is not an address of the VM's NICs: 1 connection from a container to 168.63.129.16.",
      severity: "notice",
      count: 1,
      packets: [0],
      flows: [0],
    },
  ]);
});

test("a connection that comes in on a bridge is told though it was never forwarded", () => {
  const platform = { ...factsOf().platform, nics: [nicFact(0), nicFact(1, { inner: true })] };
  const facts = factsOf({ platform, packets, flows: [flowFact(0, { vmAddress: "172.17.0.2", nicTo: 1 })] });
  expect(found(containerSource, facts)).toHaveLength(1);
});

test("a container's DNS is silent", () => {
  const facts = factsOf({
    packets,
    flows: [flowFact(0, { service: "dns" })],
    translatedFlows: [{ original: 0, translated: 1 }],
  });
  expect(found(containerSource, facts)).toEqual([]);
});

test("connections that come in and never leave the VM are told to be dropped there, where the capture shows its NIC", () => {
  const unanswered = tcpFact({ outcome: "unanswered", ending: null });
  const flows = [flowFact(0, { vmAddress: "10.244.0.5", nicTo: 1, tcp: unanswered })];
  const summaryWith = (nics: NicFact[]) =>
    found(containerSource, factsOf({ platform: { ...factsOf().platform, nics }, packets, flows }))[0]?.summary;
  expect(summaryWith([nicFact(0), nicFact(1, { inner: true })])).toBe(
    "10.244.0.5 is not an address of the VM's NICs: 1 connection from a container to 168.63.129.16, of which 1 did not leave the VM: its FORWARD rules drop them.",
  );
  expect(summaryWith([nicFact(0, { inner: true }), nicFact(1, { inner: true })])).toBe(
    "10.244.0.5 is not an address of the VM's NICs: 1 connection from a container to 168.63.129.16.",
  );
});
