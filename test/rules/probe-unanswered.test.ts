import { expect, test } from "vitest";
import { probeUnanswered } from "../../src/rules/probe-unanswered.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { factsOf, packetFact, probeFact, probeSeriesFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

test("a probe that ends so is told with its packets", () => {
  const series = probeSeriesFact([probeFact(0), probeFact(1, { outcome: "unanswered" })]);
  expect(found(probeUnanswered, factsOf({ probes: [series] }))).toEqual([
    {
      summary: "Probes not answered: 1 of 2 (tcp probe of 10.0.0.4:8080).",
      severity: "critical",
      count: 1,
      packets: [1],
      flows: [1],
    },
  ]);
});

test("its nearest neighbour is another rule or none", () => {
  const series = probeSeriesFact([probeFact(0), probeFact(1, { outcome: "unanswered", requestUnanswered: true })]);
  expect(found(probeUnanswered, factsOf({ probes: [series] }))).toEqual([]);
});

test("a SYN-ACK that does not reach the probe is not told as a VM that does not answer", () => {
  const series = probeSeriesFact([probeFact(0, { outcome: "unanswered", packets: [0, 1, 2] })]);
  const syns = [packetFact(0, { tcpFlags: 2, toPlatform: false }), packetFact(2, { tcpFlags: 2, toPlatform: false })];
  const packets = { 0: [...syns, packetFact(1, { tcpFlags: 18 })] };
  const [finding] = probeUnanswered.find(factsOf({ probes: [series], packets }), DEFAULT_THRESHOLDS);
  expect(finding?.summary).toBe("The VM's SYN-ACK did not reach the probe: 1 of 1 (tcp probe of 10.0.0.4:8080).");
  expect(finding?.title).toBe("The VM's answer to the load balancer's probe is lost");
  expect(finding?.cause).toContain("The VM answers");
});

test("a probe over IPv6 is let in by ip6tables", () => {
  const over = { vmAddress: "fd00::4", platformAddress: "fe80::1234:5678:9abc" };
  const series = probeSeriesFact([probeFact(0, { outcome: "unanswered" })], over);
  const [finding] = probeUnanswered.find(factsOf({ probes: [series] }), DEFAULT_THRESHOLDS);
  expect(finding?.remedy).toContain('"ip6tables -I INPUT -s fe80::1234:5678:9abc ');
});
