import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rejectAtGateway } from "../../captures/lab/gateway.mjs";
import { Lab } from "../../captures/lab/lab.mjs";
import { kernelFilter } from "../../src/capture/live/kernel-filter.ts";
import type { LiveEvent } from "../../src/report/events.ts";
import type { Report } from "../../src/report/report.ts";
import { DEFAULT_PLATFORM_ADDRESSES } from "../../src/service/platform.ts";
import { BACKENDS, type LiveSession, startLive } from "../support/live-session.ts";
import { eventFaults, reportFaults } from "../support/schema.ts";
import { hasNamespaces } from "../support/tools.ts";
import { vipscope } from "../support/vipscope.ts";

type Backend = (typeof BACKENDS)[number];

/** What a session of each backend told of the same traffic, and what tcpdump recorded beside them. */
interface Told {
  session: LiveSession;
  status: number | null;
  report: Report;
  recording: string;
}

describe.skipIf(!hasNamespaces())("the same traffic, with every backend and with tcpdump -w beside", () => {
  const lab = new Lab(0, { configure: false, ipv6: true });
  const told = new Map<Backend, Told>();
  let beside: Report;

  beforeAll(async () => {
    lab.open();
    // What the platform's kernel says of its groups and neighbours at times of its own choice, not every session would see.
    await lab.run("platform", "ip6tables", ..."-A OUTPUT -p icmpv6 -j DROP".split(" "));
    const sessions = await Promise.all(
      BACKENDS.map(async (backend) => {
        const recording = join(lab.directory, `${backend}.pcapng`);
        const words = ["--backend", backend, "--write", recording, "--interval", "1s"];
        return { backend, recording, session: await startLive(lab, ...words) };
      }),
    );
    const file = join(lab.directory, "beside.pcap");
    const words = ["-Z", "root", "-i", "eth0", "-n", "-U", "--time-stamp-precision=nano", "-w", file];
    const tcpdump = lab.start("vm", "tcpdump", ...words, kernelFilter(DEFAULT_PLATFORM_ADDRESSES));
    await tcpdump.said("listening on");
    await makeTraffic(lab);
    await lab.sleep(1.5);
    await tcpdump.stop("SIGTERM");
    // All at once: a silence that one of them watches for longer may become a fault.
    await Promise.all(
      sessions.map(async ({ backend, recording, session }) => {
        const { status, report } = await session.stop();
        told.set(backend, { session, status, report, recording });
      }),
    );
    beside = read(file);
  }, 90_000);

  afterAll(() => lab.close());

  const toldBy = (backend: Backend): Told => {
    const one = told.get(backend);
    if (one === undefined) throw new Error(`no session of ${backend}`);
    return one;
  };

  test("the traffic is what a VM in trouble shows", () => {
    // On a busy machine a probe may be late too.
    const rules = beside.anomalies.map(({ rule }) => rule);
    for (const rule of EXPECTED_RULES) expect(rules).toContain(rule);
    expect(beside.dhcp.exchanges.map(({ platformAddress }) => platformAddress)).toEqual([lab.platformAddress]);
    expect(beside.flows.length).toBeGreaterThan(10);
    expect(beside.probes.map(({ vm, kind, path }) => [vm.address, kind, path]).sort()).toEqual([
      ["10.1.0.4", "tcp", null],
      [IPV6_ADDRESS, "http", "/healthz"],
    ]);
    const overIpv6 = beside.flows.filter(({ vm }) => vm.address === IPV6_ADDRESS);
    expect(new Set(overIpv6.map(({ platform }) => platform.address))).toEqual(new Set([IPV6_PLATFORM]));
  });

  test.each(BACKENDS)("%s: the session's report is that of the recording, but for the clock", (backend) => {
    const { report, status } = toldBy(backend);
    expect(reportFaults(report)).toEqual([]);
    expect(withoutClock(report)).toEqual(withoutClock(beside));
    expect(status).toBe(1);
    const [source] = report.capture.sources;
    expect(source?.live).toEqual({ backend, clock: backend === "cap" ? "arrival" : "kernel", gaps: [] });
    expect(source?.interfaces[0]?.droppedPackets).toBe(backend === "cap" ? null : 0);
  });

  test.each(BACKENDS)("%s: what it recorded reads as the session did", (backend) => {
    const { report, recording } = toldBy(backend);
    const again = read(recording);
    expect(withoutClock(again)).toEqual(withoutClock(report));
    expect(again.flows).toEqual(report.flows);
    expect(again.capture.sources[0]?.interfaces[0]?.name).toBe("eth0");
    const names = execFileSync("tshark", ["-r", recording, "-T", "fields", "-e", "frame.interface_name"]);
    expect(String(names).trim().split("\n")).toEqual(Array(report.capture.packets).fill("eth0"));
  });

  test.each(BACKENDS)("%s: every event is by the schema, and each record is told once", (backend) => {
    const { session, report } = toldBy(backend);
    expect(session.events.flatMap(eventFaults)).toEqual([]);
    expect(session.events[0]).toMatchObject({
      event: "session-started",
      interfaces: [{ name: "eth0", backend, clock: backend === "cap" ? "arrival" : "kernel" }],
    });
    expect(session.events.at(-1)).toMatchObject({ event: "session-ended", reason: "terminate" });
    const kinds = new Set<LiveEvent["event"]>(session.events.map(({ event }) => event));
    for (const kind of ["flow-opened", "flow-closed", "dns", "http", "dhcp", "probe-transition", "counters"] as const)
      expect(kinds).toContain(kind);
    expect(session.all("flow-opened")).toHaveLength(report.flows.length);
    expect(session.all("dns").map(({ transaction }) => transaction)).toHaveLength(report.dns.transactions.length);
    expect(session.all("http")).toHaveLength(report.http.exchanges.length);
    expect(session.all("dhcp").map(({ exchange }) => exchange.platformAddress)).toEqual([lab.platformAddress]);
    expect(
      session
        .all("probe-transition")
        .map(({ to }) => to)
        .sort(),
    ).toEqual(["down", "down", "up", "up"]);
    const raised = new Set(session.all("anomaly-raised").map(({ anomaly }) => anomaly.rule));
    for (const { rule } of report.anomalies) expect(raised).toContain(rule);
    expect(session.all("counters").at(-1)).toMatchObject({ packets: report.capture.packets });
  });

  test("an event is written when it happens: a flow is told while it lasts", () => {
    const { session } = toldBy("dumpcap");
    const opened = session.all("flow-opened")[0];
    const at = session.events.findIndex((event) => event.event === "flow-opened");
    expect((session.readAtMs[at] ?? 0) - Date.parse(opened?.flow.startedAt ?? "")).toBeLessThan(2000);
  });
});

const EXPECTED_RULES = [
  ...["dns-servfail", "dns-unanswered", "handshake-rejected", "handshake-unanswered"],
  ...["probe-refused", "secrets-in-capture"],
];

/** The VM's address over IPv6, and whom its probes come from. */
const IPV6_ADDRESS = "fd12:3456:789a::4";
const IPV6_PLATFORM = "fe80::1234:5678:9abc";

/**
 * A lease with option 245, the agent's requests, lookups that work and fail, a question and a SYN that wait in vain, probes over both families
 * of applications that go and come, and a gateway that rejects.
 */
async function makeTraffic(lab: Lab): Promise<void> {
  await lab.resolver();
  await lab.dnsmasq({ extra: ["server=/lab.example/127.0.0.1#5353"] });
  await lab.wireServer();
  await lab.dhclient();
  await lab.run("vm", "ip", "addr", "add", `${IPV6_ADDRESS}/64`, "dev", "eth0", "nodad");
  await lab.run("platform", "ip", "route", "add", `${IPV6_ADDRESS}/128`, "dev", "pe0");
  const neighbours = [
    ["vm", IPV6_PLATFORM, "12:34:56:78:9a:bc", "eth0"],
    ["platform", IPV6_ADDRESS, "00:0d:3a:4c:1e:04", "pe0"],
  ] as const;
  for (const [where, address, mac, device] of neighbours)
    await lab.run(where, "ip", "neigh", "replace", address, "lladdr", mac, "dev", device, "nud", "permanent");
  const apps = await lab.apps();
  const open = async (): Promise<void> => {
    await apps.ask({ open: { port: 443, kind: "tcp" } });
    await apps.ask({ open: { port: 8080, kind: "http", address: "::" } });
  };
  await open();
  const probes = await lab.probes();
  await probes.probe({ kind: "tcp", port: 443, intervalMs: 1000 });
  const from = { address: IPV6_ADDRESS, source: `${IPV6_PLATFORM}%pe0` };
  await probes.probe({ kind: "http", port: 8080, intervalMs: 1000, ...from });
  const agent = await lab.agent();
  for (const call of ["versions", "goalState", "vmSettings"]) await agent.ask({ call: [call] });
  await lab.dig("packages.example.com A", "storage.example.net AAAA", "servfail.lab.example A", "+tcp www.example.net");
  await lab.run("platform", "iptables", ..."-A INPUT -p tcp --dport 53 -j DROP".split(" "));
  const inVain = Promise.all([
    lab.shell("dig @168.63.129.16 +tries=2 +time=1 silent.lab.example"),
    lab.shell("dig @168.63.129.16 +tcp +tries=1 +time=4 www.example.net"),
  ]);
  await lab.sleep(1.5);
  for (const port of [443, 8080]) await apps.ask({ close: port });
  await lab.sleep(2.5);
  await open();
  await inVain;
  await lab.sleep(3);
  await rejectAtGateway(lab, "ipproto tcp dport 32526");
  await lab.shell("curl -s -m 2 -o /dev/null http://168.63.129.16:32526/versions");
  await probes.ask({ stop: true });
}

function read(file: string): Report {
  const { stdout, stderr } = vipscope(["read", file, "--format", "json"]);
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

/** The report without what the clock decides, and without what only the machine itself can tell: its NIC's name, and that it is primary. */
function withoutClock(report: Report): unknown {
  const { capture, ...rest } = report;
  const { packets, platformPackets, problems } = capture;
  const text = JSON.stringify({ capture: { packets, platformPackets, problems }, ...rest }, (key, value) =>
    /(At|Ms|^at|^interface|^origin)$/.test(key) ? null : value,
  );
  // Sentences tell instants and durations too.
  return JSON.parse(
    text.replaceAll(/\d+(\.\d+)? (ms|s|min)\b/g, "TIME").replaceAll(/\d\d:\d\d:\d\d(\.\d+)?/g, "CLOCK"),
  );
}
