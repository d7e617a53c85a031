/** A check in which everything passed, for tests of verdicts and outputs. */
import type { DoneTests } from "../../src/check/check-test.ts";
import type { Evidence } from "../../src/check/diagnosis.ts";
import type {
  CheckDetails,
  CheckReport,
  CheckTestId,
  CheckTestOf,
  ConnectDetails,
  ConnectOutcome,
  DnsDetails,
  HttpDetails,
} from "../../src/report/check-report.ts";
import type { Flow, Report } from "../../src/report/report.ts";
import { reportOf } from "./report.ts";

const ADDRESS = "168.63.129.16";

/** A test with this result. */
export function testOf<Id extends CheckTestId>(
  id: Id,
  details: CheckDetails[Id],
  over: Partial<Pick<CheckTestOf<Id>, "result" | "summary">> = {},
): CheckTestOf<Id> {
  return { id, result: "passed", summary: `The ${id} test.`, durationMs: 1.5, packets: [], ...over, details };
}

/** Three tries of a port, from the local ports `first`, `first` + 1 and `first` + 2. */
export function tries(
  port: number,
  first: number,
  outcome: ConnectOutcome,
  error: string | null = null,
): ConnectDetails {
  const connectMs = outcome === "connected" ? 0.5 : null;
  const one = (localPort: number) => ({ localAddress: "10.0.0.4", localPort, outcome, connectMs, wireMs: null, error });
  return { port, tries: [one(first), one(first + 1), one(first + 2)], nextHop: null };
}

const http = (port: number, target: string, localPort: number): HttpDetails => {
  return { port, target, localPort, status: 200, responseMs: 2, bodyBytes: 100, versions: ["2015-09-01"], error: null };
};
const dns = (transport: "udp" | "tcp", type: "A" | "PTR", localPort: number, rcode: string): DnsDetails => {
  return {
    transport,
    name: "microsoft.com",
    type,
    localPort,
    queries: 1,
    rcode,
    responseMs: 1,
    answers: [],
    error: null,
  };
};

/** All tests passed, but for `over`. */
export function doneTests(over: DoneTests = {}): DoneTests {
  const nic = { name: "eth0", mac: "00:0d:3a:00:00:04", up: true, virtual: false, addresses: ["10.0.0.4"] };
  const primary = { interface: "eth0", mac: nic.mac, address: "10.0.0.4", gateway: "10.0.0.1", reason: "the only NIC" };
  const lease = { file: "/var/lib/dhcp/dhclient.leases", client: "dhclient", interface: "eth0" } as const;
  return {
    interfaces: testOf("interfaces", { interfaces: [nic] }),
    address: testOf("address", { interface: "eth0", usable: ["10.0.0.4"], linkLocal: [] }),
    "primary-nic": testOf("primary-nic", primary),
    route: testOf("route", { method: "ip", interface: "eth0", gateway: "10.0.0.1", source: "10.0.0.4", error: null }),
    "tcp-80": testOf("tcp-80", tries(80, 50000, "connected")),
    "tcp-32526": testOf("tcp-32526", tries(32526, 51000, "connected")),
    "http-versions": testOf("http-versions", http(80, "/?comp=versions", 52000)),
    "hostga-versions": testOf("hostga-versions", http(32526, "/versions", 52001)),
    "dns-udp": testOf("dns-udp", dns("udp", "A", 53000, "NOERROR")),
    "dns-tcp": testOf("dns-tcp", dns("tcp", "A", 53001, "NOERROR")),
    "dns-reverse": testOf("dns-reverse", dns("udp", "PTR", 53002, "NXDOMAIN")),
    "dhcp-lease": testOf("dhcp-lease", {
      leases: [{ ...lease, address: "10.0.0.4", platformAddress: ADDRESS }],
      current: 0,
    }),
    hops: testOf("hops", { method: "traceroute", port: 80, hops: 1, path: [ADDRESS] }),
    "secondary-nics": testOf("secondary-nics", { nics: [] }, { result: "skipped" }),
    firewall: testOf("firewall", { read: ["iptables", "nft"], agentRules: true, findings: [] }),
    proxy: testOf("proxy", { settings: [], catchingVariable: null }),
    ...over,
  };
}

/** What the packets of an attempt showed. */
export type Shown = "unanswered" | "refused" | "rejected" | "half-open";

/** A report of a live session on eth0 that shows these attempts; by local port. */
export function wireReport(shown: Readonly<Record<number, Shown>>, platformPort: number): Report {
  const plain = reportOf();
  const [source] = plain.capture.sources;
  const [flow] = plain.flows;
  if (source === undefined || flow?.tcp == null) throw new Error("the plain report has a source and a flow");
  const { tcp } = flow;
  const flows = Object.entries(shown).map(([port, outcome], id): Flow => {
    return {
      ...flow,
      id,
      vm: { ...flow.vm, address: "10.0.0.4", port: Number(port), interface: "eth0" },
      platform: { ...flow.platform, port: platformPort },
      packets: { toPlatform: 2, fromPlatform: outcome === "unanswered" ? 0 : 1 },
      tcp: { ...tcp, outcome },
    };
  });
  const live = { backend: "cap", clock: "arrival", gaps: [] } as const;
  const sources = [{ ...source, name: "eth0", live: { ...live, gaps: [] } }];
  return { ...plain, capture: { ...plain.capture, sources }, flows };
}

/** Evidence of a check as root, but for `over`. */
export function evidenceOf(done: DoneTests, over: Partial<Evidence> = {}): Evidence {
  return { address: ADDRESS, done: doneTests(done), report: null, uid: 0, ...over };
}

/** A whole check's report, but for `over`. */
export function checkReportOf(over: Partial<CheckReport> = {}): CheckReport {
  return {
    schemaVersion: 1,
    tool: { name: "vipscope", version: "0.0.0" },
    startedAt: "2026-01-02T03:04:05.000Z",
    durationMs: 812.5,
    address: ADDRESS,
    verdict: "working",
    ports: [],
    summary: "168.63.129.16 answers as it should: WireServer, HostGAPlugin and DNS.",
    cause: null,
    remedy: null,
    ruledOut: [],
    tests: Object.values(doneTests()),
    capture: null,
    captureMissing: "Not permitted to capture. Run it with sudo.",
    report: null,
    ...over,
  };
}
