import { expect, test } from "vitest";
import { anomaliesTitle, type Headline, type HeadlineSource, headlineOf } from "../../src/report/headline.ts";
import type { CaptureProblem, ServiceName, ServiceSummary } from "../../src/report/report.ts";
import { reportOf } from "../support/report.ts";

/** Without a fault; without a success either nobody knows. */
function healthy(service: ServiceName, succeeded: number): ServiceSummary {
  const counts = { flows: 1, succeeded, failed: 0, responseMs: null };
  return { service, verdict: succeeded > 0 ? "healthy" : "not-seen", summary: "", ...counts, anomalies: [] };
}

const captured = (...problems: CaptureProblem[]) => ({ ...reportOf().capture, problems });

function headline(services: ServiceSummary[], over: Partial<HeadlineSource> = {}): Headline {
  const { platform } = reportOf();
  return headlineOf({ services, anomalies: [], capture: captured(), platform, ruleSelection: null, ...over });
}

test("a service of which nothing came to its end, as in a capture of one direction, is not said to work", () => {
  expect(headline([healthy("wireserver", 3), healthy("dns", 0)])).toEqual({
    state: "healthy",
    word: "healthy",
    text: "WireServer works; nothing is wrong",
    advice: null,
  });
  expect(headline([healthy("dns", 0)])).toEqual({
    state: "not-seen",
    word: "unknown",
    text: "nothing of DNS came to its end, so that nobody knows whether it works",
    advice: null,
  });
});

test("a service that has faults and never succeeded is not said to work", () => {
  const degraded = (succeeded: number): ServiceSummary => ({ ...healthy("dhcp", succeeded), verdict: "degraded" });
  expect(headline([degraded(0)]).text).toMatch(/^DHCP has faults/);
  expect(headline([degraded(1)]).text).toMatch(/^DHCP works with faults/);
});

test("a capture that was cut is said to be known in part; one that is still written is not cut", () => {
  const services = [healthy("dns", 1)];
  const problem = { source: 0, message: "", offsetBytes: null, count: 1 };
  const textWith = (code: string) => headline(services, { capture: captured({ ...problem, code }) }).text;
  expect(textWith("cut-record")).toBe("DNS works; nothing is wrong; the capture could be read only in part");
  expect(textWith("still-being-written")).toBe("DNS works; nothing is wrong");
});

test("rules that did not run are told, by name when they are few", () => {
  const textOf = (ran: string[], leftOut: string[]) =>
    headline([healthy("dns", 1)], { ruleSelection: { ran, leftOut } }).text;
  const many = ["a", "b", "c", "d"];
  expect(textOf(many, ["dns-slow"])).toBe("DNS works; nothing is wrong; the rule dns-slow was left out");
  expect(textOf(many, ["x", "y"])).toBe("DNS works; nothing is wrong; the rules x and y were left out");
  expect(textOf(["dns-slow"], many)).toBe("DNS works; nothing is wrong; of the rules only dns-slow ran");
  expect(textOf(many, many)).toBe("DNS works; nothing is wrong; 4 of 8 rules were left out");
});

test("a capture without the platform's traffic is answered with how to take one that has it", () => {
  const capture = (name: string | null, packets: number) => {
    const [source] = reportOf().capture.sources;
    const interfaces = [
      { index: 0, name, linkType: "EN10MB", snapLength: null, packets, droppedPackets: null } as const,
    ];
    return {
      ...captured(),
      packets,
      platformPackets: 0,
      sources: source === undefined ? [] : [{ ...source, interfaces: [...interfaces] }],
    };
  };
  const adviceOf = (name: string | null, packets: number) => headline([], { capture: capture(name, packets) });
  expect(adviceOf(null, 0)).toEqual({
    state: "not-seen",
    word: "nothing seen",
    text: "no traffic with the platform address was seen",
    advice:
      'Capture on the VM\'s primary NIC or on all, for a minute or more, as the VM agent asks every few seconds: "tcpdump -i any -w vm.pcap host 168.63.129.16"',
  });
  expect(adviceOf("eth1", 9).advice).toBe(
    'Capture on the VM\'s primary NIC or on all, not eth1 alone, for a minute or more, as the VM agent asks every few seconds: "tcpdump -i any -w vm.pcap host 168.63.129.16"; where the platform has another address (Classic), name it with --platform',
  );
});

test("notices alone are not headed as something wrong", () => {
  const [anomaly] = reportOf().anomalies;
  if (anomaly === undefined) throw new Error("the report has no anomaly");
  expect(anomaliesTitle([anomaly, { ...anomaly, severity: "notice" }])).toBe("What is wrong");
  expect(anomaliesTitle([{ ...anomaly, severity: "notice" }])).toBe("Worth knowing");
});

test("what was not looked into, or could not be decoded, is not said to be absent", () => {
  const problem = { source: 0, message: "", offsetBytes: null, count: 9, code: "platform-in-tunnel" };
  expect(headline([], { capture: { ...captured(problem), platformPackets: 0 } }).text).toBe(
    "traffic with the platform address was seen within a tunnel alone, and not analysed",
  );
  expect(headline([], { capture: { ...captured(), platformPackets: 9 } }).text).toBe(
    "packets with the platform address were seen, and none of them could be decoded",
  );
});
