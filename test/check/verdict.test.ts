import { expect, test } from "vitest";
import type { DoneTests } from "../../src/check/check-test.ts";
import type { Evidence } from "../../src/check/diagnosis.ts";
import { judgeCheck } from "../../src/check/verdict.ts";
import type { CheckVerdict, FirewallFinding } from "../../src/report/check-report.ts";
import { doneTests, evidenceOf, testOf, tries, wireReport } from "../support/check.ts";

const failed = { result: "failed" } as const;
const warning = { result: "warning" } as const;
const plain = doneTests();

const silent80 = testOf("tcp-80", tries(80, 50000, "unanswered", "ETIMEDOUT"), failed);
const refused80 = testOf("tcp-80", tries(80, 50000, "refused", "ECONNREFUSED"), failed);
const unread = testOf("firewall", { read: [], agentRules: false, findings: [] }, { result: "not-available" });
const finding = (effect: FirewallFinding["effect"], direction: FirewallFinding["direction"]): FirewallFinding => {
  const rule = "-A OUTPUT -j DROP";
  return {
    effect,
    direction,
    protocol: "tcp",
    port: 80,
    place: "iptables filter OUTPUT",
    rule,
    command: "iptables -D OUTPUT -j DROP",
  };
};
const ruled = (one: FirewallFinding, result: "failed" | "warning" = "failed") =>
  testOf("firewall", { read: ["iptables"], agentRules: false, findings: [one] }, { result });
const route = (over: Partial<NonNullable<DoneTests["route"]>["details"]>) =>
  testOf(
    "route",
    { method: "ip", interface: "eth0", gateway: "10.0.0.1", source: "10.0.0.4", error: null, ...over },
    failed,
  );
const nothingOnTheWire = wireReport({}, 80);
const allTries = (shown: "unanswered" | "refused" | "rejected" | "half-open") =>
  wireReport({ 50000: shown, 50001: shown, 50002: shown }, 80);
const detailsOf = <Test>(test: Test | undefined): Test => {
  if (test === undefined) throw new Error("the plain check has every test");
  return test;
};
const dnsUdp = detailsOf(plain["dns-udp"]).details;
const http = detailsOf(plain["http-versions"]).details;

test.each<[string, CheckVerdict, number[], DoneTests, Partial<Evidence>]>([
  ["everything passed", "working", [], {}, {}],
  ["everything passed, without a firewall that can be read", "working", [], { firewall: unread }, { uid: 1000 }],
  [
    "no NIC is up",
    "no-interface",
    [80, 32526, 53],
    { interfaces: testOf("interfaces", { interfaces: [] }, failed) },
    {},
  ],
  [
    "no address",
    "no-usable-address",
    [80, 32526, 53],
    { address: testOf("address", { interface: null, usable: [], linkLocal: ["eth0 169.254.1.1"] }, failed) },
    {},
  ],
  [
    "no route",
    "no-route",
    [80, 32526, 53],
    { route: route({ interface: null, source: null, error: "Network is unreachable" }) },
    {},
  ],
  [
    "another NIC, and silence",
    "wrong-source",
    [80],
    { route: route({ interface: "eth1", source: "10.0.1.4" }), "tcp-80": silent80 },
    {},
  ],
  ["another NIC, and it works", "wrong-source", [80, 32526], { route: route({ interface: "eth1" }) }, {}],
  ["another address", "wrong-source", [80, 32526], { route: route({ source: "10.0.0.5" }) }, {}],
  [
    "another NIC, but a rule of the VM is what stops it",
    "blocked-on-vm",
    [80],
    { route: route({ interface: "eth1" }), "tcp-80": silent80, firewall: ruled(finding("drops", "outbound")) },
    {},
  ],
  [
    "silence, and a rule drops it",
    "blocked-on-vm",
    [80],
    { "tcp-80": silent80, firewall: ruled(finding("drops", "outbound")) },
    {},
  ],
  [
    "silence, and a rule drops the answers",
    "blocked-on-vm",
    [80],
    { "tcp-80": silent80, firewall: ruled(finding("drops", "inbound")) },
    {},
  ],
  [
    "refused, and a rule rejects it",
    "blocked-on-vm",
    [80],
    { "tcp-80": refused80, firewall: ruled(finding("rejects", "outbound")) },
    {},
  ],
  [
    "the kernel forbids it",
    "blocked-on-vm",
    [80],
    { "tcp-80": testOf("tcp-80", tries(80, 50000, "not-permitted", "EPERM"), failed), firewall: unread },
    {},
  ],
  [
    "silence, and nothing reached the wire",
    "blocked-on-vm",
    [80],
    { "tcp-80": silent80 },
    { report: nothingOnTheWire },
  ],
  [
    "silence, though the answers arrived",
    "blocked-on-vm",
    [80],
    { "tcp-80": silent80 },
    { report: allTries("half-open") },
  ],
  ["silence, also on the wire", "unanswered", [80], { "tcp-80": silent80 }, { report: allTries("unanswered") }],
  [
    "silence on the wire, though a rule may drop it",
    "unanswered",
    [80],
    { "tcp-80": silent80, firewall: ruled(finding("may-drop", "outbound"), "warning") },
    { report: allTries("unanswered") },
  ],
  ["refused on the wire", "refused", [80], { "tcp-80": refused80 }, { report: allTries("refused") }],
  [
    "an ICMP error on the wire",
    "refused",
    [80],
    { "tcp-80": testOf("tcp-80", tries(80, 50000, "unreachable", "EHOSTUNREACH"), failed) },
    { report: allTries("rejected") },
  ],
  ["silence, and no rule that stops it", "unanswered", [80], { "tcp-80": silent80 }, {}],
  ["refused, and no rule that does it", "refused", [80], { "tcp-80": refused80 }, {}],
  ["silence, and nothing could be looked at", "unknown", [80], { "tcp-80": silent80, firewall: unread }, { uid: 1000 }],
  [
    "refused, and nothing could be looked at",
    "unknown",
    [80],
    { "tcp-80": refused80, firewall: unread },
    { uid: null },
  ],
  [
    "silence, and a rule that may apply",
    "unknown",
    [80],
    { "tcp-80": silent80, firewall: ruled(finding("may-drop", "outbound"), "warning") },
    {},
  ],
  [
    "nothing on the wire, and the gateway does not answer ARP",
    "unanswered",
    [80],
    {
      "tcp-80": testOf(
        "tcp-80",
        { ...tries(80, 50000, "unreachable", "EHOSTUNREACH"), nextHop: "unreachable" },
        failed,
      ),
    },
    { report: nothingOnTheWire },
  ],
  [
    "a connection, and no answer to the request",
    "unanswered",
    [80],
    { "http-versions": testOf("http-versions", { ...http, status: null, error: "ETIMEDOUT" }, failed) },
    {},
  ],
  [
    "what can be mended on the VM comes first",
    "blocked-on-vm",
    [80],
    {
      "tcp-80": silent80,
      "tcp-32526": testOf("tcp-32526", tries(32526, 51000, "refused", "ECONNREFUSED"), failed),
      firewall: ruled(finding("drops", "outbound")),
    },
    {},
  ],
  [
    "DNS alone is silent",
    "degraded",
    [53],
    { "dns-udp": testOf("dns-udp", { ...dnsUdp, rcode: null, error: "ETIMEDOUT" }, failed) },
    {},
  ],
  [
    "DNS answers SERVFAIL",
    "degraded",
    [53],
    { "dns-udp": testOf("dns-udp", { ...dnsUdp, rcode: "SERVFAIL" }, warning) },
    {},
  ],
  [
    "a second hop",
    "degraded",
    [80],
    { hops: testOf("hops", { method: "dns", port: 53, hops: 2, path: [] }, warning) },
    {},
  ],
  [
    "a proxy",
    "degraded",
    [80],
    { proxy: testOf("proxy", { settings: [], catchingVariable: "http_proxy" }, warning) },
    {},
  ],
  ["no option 245", "degraded", [], { "dhcp-lease": testOf("dhcp-lease", { leases: [], current: null }, warning) }, {}],
  [
    "503 from WireServer",
    "degraded",
    [80],
    { "http-versions": testOf("http-versions", { ...http, status: 503 }, warning) },
    {},
  ],
  [
    "some connections fail",
    "degraded",
    [32526],
    { "tcp-32526": testOf("tcp-32526", tries(32526, 51000, "connected"), warning) },
    {},
  ],
])("%s: %s", (_, verdict, ports, done, over) => {
  const judgement = judgeCheck(evidenceOf(done, over));
  expect([judgement.verdict, judgement.ports]).toEqual([verdict, ports]);
  const isWorking = verdict === "working";
  expect([judgement.cause === null, judgement.remedy === null]).toEqual([isWorking, isWorking]);
});

test("what DNS answers is said once, when it answers the same over UDP and TCP", () => {
  const refused = { ...dnsUdp, rcode: "REFUSED" };
  const done = { "dns-udp": testOf("dns-udp", refused, warning), "dns-tcp": testOf("dns-tcp", refused, warning) };
  expect(judgeCheck(evidenceOf(done)).summary).toMatch(/DNS answers REFUSED\.$/);
});

test("a capture with a gap, or of other NICs, proves no absence", () => {
  const report = wireReport({}, 80);
  const [source] = report.capture.sources;
  if (source?.live == null) throw new Error("the report is of a live session");
  source.live.gaps.push({ fromAt: report.capture.startedAt ?? "", toAt: null, reason: "backend-died" });
  expect(judgeCheck(evidenceOf({ "tcp-80": silent80, firewall: unread }, { report })).verdict).toBe("unknown");
  source.live.gaps.pop();
  source.name = "eth7";
  expect(judgeCheck(evidenceOf({ "tcp-80": silent80, firewall: unread }, { report })).verdict).toBe("unknown");
});

test("without root the agent's own rules are what stops it, and that is said", () => {
  const { verdict, cause } = judgeCheck(
    evidenceOf({ "tcp-80": silent80, firewall: unread }, { report: nothingOnTheWire, uid: 1000 }),
  );
  expect(verdict).toBe("blocked-on-vm");
  expect(cause).toContain("let root alone speak to WireServer");
});
