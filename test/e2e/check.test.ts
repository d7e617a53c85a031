/**
 * `vipscope check` in network namespaces with a fake platform: a case for each verdict, and the commands of its remedy carried out until it
 * works. Nothing leaves the namespaces, which have no route out.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { CheckReport, CheckVerdict } from "../../src/report/check-report.ts";
import type { Report } from "../../src/report/report.ts";
import { Namespaces, type NamespacesWanted, PLATFORM_ADDRESS } from "../support/namespaces.ts";
import { checkFaults } from "../support/schema.ts";
import { hasNamespaces, hasTool } from "../support/tools.ts";
import { vipscope } from "../support/vipscope.ts";

/** The platform's side drops what comes to WireServer and HostGAPlugin. */
const DROP_AGENT_PORTS = "iptables -A INPUT -p tcp -m multiport --dports 80,32526 -j DROP".split(" ");

const folder = mkdtempSync(join(tmpdir(), "vipscope-check-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One run of the command in the VM. */
interface Checked {
  status: number;
  report: CheckReport;
}

async function checkIn(
  namespaces: Namespaces,
  { words = [], env = {}, before = [] }: { words?: string[]; env?: Record<string, string>; before?: string[] } = {},
): Promise<Checked> {
  const command = [...before, process.execPath, "bin/vipscope.js", "check", "--timeout", "1s", "--format", "json"];
  const { status, stdout, stderr } = await namespaces.run([...command, ...words], env);
  if (stdout === "") throw new Error(stderr);
  const report: CheckReport = JSON.parse(stdout);
  expect(checkFaults(report)).toEqual([]);
  return { status, report };
}

/** The first command of a remedy that this lab can carry out. */
function commandOf({ remedy }: CheckReport): string[] {
  const [, command = ""] = /"((?:iptables|nft|ip) [^"]*)"/.exec(remedy ?? "") ?? [];
  return command.split(" ");
}

/** Carries remedies out, one after the other, until it works; gives the verdicts on the way. */
async function mend(namespaces: Namespaces, found: CheckReport): Promise<CheckVerdict[]> {
  const verdicts: CheckVerdict[] = [];
  let report = found;
  while (report.verdict !== "working" && verdicts.length < 4) {
    await namespaces.inVm(...commandOf(report));
    ({ report } = await checkIn(namespaces));
    verdicts.push(report.verdict);
  }
  return verdicts;
}

const results = ({ tests }: CheckReport): Record<string, string> =>
  Object.fromEntries(tests.map(({ id, result }) => [id, result]));

async function withNamespaces(wanted: NamespacesWanted, use: (namespaces: Namespaces) => Promise<void>): Promise<void> {
  const namespaces = await Namespaces.make("check", wanted);
  try {
    await use(namespaces);
  } finally {
    await namespaces.close();
  }
}

const TOOLS = ["iptables", "nft", "traceroute", "dnsmasq", "dhclient", "setpriv"];

describe.skipIf(!hasNamespaces() || !TOOLS.every((tool) => hasTool(tool)))("in namespaces", () => {
  test.concurrent("working: every test passes, its packets are named, and --write keeps them", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve();
      const file = join(folder, "working.pcapng");
      const { status, report } = await checkIn(namespaces, { words: ["--write", file] });
      expect(status).toBe(0);
      expect(report).toMatchObject({ verdict: "working", ports: [], cause: null, remedy: null, captureMissing: null });
      expect(results(report)).toMatchObject({
        ...{ interfaces: "passed", address: "passed", "primary-nic": "passed", route: "passed", "tcp-80": "passed" },
        ...{ "tcp-32526": "passed", "http-versions": "passed", "hostga-versions": "passed", "dns-udp": "passed" },
        ...{ "dns-tcp": "passed", "dns-reverse": "passed", hops: "passed", "secondary-nics": "skipped" },
        ...{ firewall: "passed", proxy: "passed" },
      });
      const sending = report.tests.filter(({ id }) => /^(tcp|http|hostga|dns|hops)/.test(id));
      expect(sending.filter(({ packets }) => packets.length === 0)).toEqual([]);
      expect(report.report?.anomalies.filter(({ severity }) => severity === "critical")).toEqual([]);
      const read: Report = JSON.parse(vipscope(["read", file, "--format", "json"]).stdout);
      expect(read.capture.sources[0]?.interfaces[0]?.name).toBe("eth0");
      expect(read.flows.length).toBe(report.report?.flows.length);
      expect(new Set(read.manualTests.map(({ tool }) => tool))).toEqual(
        new Set(["Test-NetConnection or nc -z", "vipscope check", "traceroute -T"]),
      );
    }));

  test.concurrent("no-interface: setting it up leads to no-route, and that remedy to working", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve();
      await namespaces.inVm("ip", "link", "set", "eth0", "down");
      const { status, report } = await checkIn(namespaces);
      expect(status).toBe(1);
      expect(report).toMatchObject({ verdict: "no-interface", summary: "eth0 is down.", report: null });
      expect(await mend(namespaces, report)).toEqual(["no-route", "working"]);
    }));

  test.concurrent("no-usable-address: a link-local address alone; DHCP mends it", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve();
      await namespaces.inVm("ip", "addr", "flush", "dev", "eth0");
      await namespaces.inVm("ip", "addr", "add", "169.254.7.7/16", "dev", "eth0");
      const { report } = await checkIn(namespaces);
      expect(report.verdict).toBe("no-usable-address");
      expect(report.remedy).toContain('"dhclient -v eth0"');
      await askDhcp(namespaces);
      expect((await checkIn(namespaces)).report.verdict).toBe("working");
    }));

  test.concurrent.each(["ip route del default", "ip route add unreachable 168.63.129.16"])(
    "no-route: %s, and the remedy gives one",
    (command) =>
      withNamespaces({}, async (namespaces) => {
        await namespaces.serve();
        await namespaces.inVm(...command.split(" "));
        const { report } = await checkIn(namespaces);
        expect(report.verdict).toBe("no-route");
        expect(results(report)).toMatchObject({ route: "failed" });
        expect(await mend(namespaces, report)).toEqual(["working"]);
      }),
  );

  test.concurrent("wrong-source: the route leaves by a second NIC, and the platform is silent there", () =>
    withNamespaces({ nics: 2 }, async (namespaces) => {
      await namespaces.serve();
      await namespaces.inVm("ip", "route", "add", PLATFORM_ADDRESS, "via", "10.9.1.1", "dev", "eth1");
      await namespaces.inPlatform("iptables", "-A", "INPUT", "-i", "eth1", "-j", "DROP");
      const { report } = await checkIn(namespaces);
      expect(report).toMatchObject({ verdict: "wrong-source", ports: [80, 32526] });
      expect(report.summary).toContain("leaves by eth1 from 10.9.1.4, and the primary NIC is eth0");
      expect(report.report?.anomalies.map(({ rule }) => rule)).toContain("non-primary-nic-source");
      expect(await mend(namespaces, report)).toEqual(["working"]);
      const further = (await checkIn(namespaces)).report.tests.find(({ id }) => id === "secondary-nics");
      expect(further).toMatchObject({
        result: "passed",
        details: { nics: [{ interface: "eth1", address: "10.9.1.4", leavesBy: "eth0" }] },
      });
    }));

  test.concurrent("wrong-source: a secondary address is the source", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve();
      await namespaces.inVm("ip", "addr", "add", "10.9.0.5/24", "dev", "eth0");
      await namespaces.inVm("ip", "route", "replace", "default", "via", "10.9.0.1", "src", "10.9.0.5");
      await namespaces.inPlatform("iptables", "-A", "INPUT", "-s", "10.9.0.5", "-j", "DROP");
      const { report } = await checkIn(namespaces);
      expect(report.verdict).toBe("wrong-source");
      expect(report.summary).toContain("leaves from 10.9.0.5, and the primary address is 10.9.0.4");
      expect(await mend(namespaces, report)).toEqual(["working"]);
    }));

  test.concurrent.each([
    ["iptables, outbound", "iptables -A OUTPUT -d 168.63.129.16 -p tcp --dport 80 -j DROP", [80]],
    ["iptables, outbound, rejected", "iptables -A OUTPUT -p tcp --dport 32526 -j REJECT", [32526]],
    ["iptables, inbound", "iptables -A INPUT -s 168.63.129.16 -p tcp --sport 80 -j DROP", [80]],
    [
      "nftables, outbound",
      "nft add rule inet guard out ip daddr 168.63.129.16 tcp dport { 80, 32526 } drop",
      [80, 32526],
    ],
    ["nftables, inbound", "nft add rule inet guard in ct state established tcp sport 32526 drop", [32526]],
  ])("blocked-on-vm: %s", (_, rule, ports) =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve();
      for (const [chain, hook] of [
        ["out", "output"],
        ["in", "input"],
      ]) {
        await namespaces.inVm("nft", "add", "table", "inet", "guard");
        await namespaces.inVm("nft", `add chain inet guard ${chain} { type filter hook ${hook} priority 0; }`);
      }
      await namespaces.inVm(...rule.split(" "));
      const { status, report } = await checkIn(namespaces);
      expect(status).toBe(1);
      expect(report).toMatchObject({ verdict: "blocked-on-vm", ports });
      const isInbound = / in |INPUT/.test(rule);
      expect(report.summary).toContain(isInbound ? "the answers arrive at the NIC" : "never reached the NIC");
      expect(await mend(namespaces, report)).toContain("working");
    }),
  );

  test.concurrent("blocked-on-vm: without a capture the rules are witness enough, and each port has a remedy of its own", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve();
      await namespaces.inVm("iptables", "-P", "OUTPUT", "DROP");
      const { report } = await checkIn(namespaces, { words: ["--no-capture"] });
      expect(report).toMatchObject({ verdict: "blocked-on-vm", ports: [80, 32526], report: null, capture: null });
      expect(report.cause).toContain("the policy of chain OUTPUT is to drop");
      expect(await mend(namespaces, report)).toEqual(["blocked-on-vm", "degraded", "degraded", "working"]);
    }));

  test.concurrent("the VM agent's own rules are normal", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve();
      const rule = ["iptables", "-t", "security", "-A", "OUTPUT", "-d", PLATFORM_ADDRESS, "-p", "tcp"];
      await namespaces.inVm(...rule, "--dport", "53", "-j", "ACCEPT");
      await namespaces.inVm(...rule, "-m", "owner", "--uid-owner", "0", "-j", "ACCEPT");
      await namespaces.inVm(...rule, "-m", "conntrack", "--ctstate", "INVALID,NEW", "-j", "DROP");
      const { report } = await checkIn(namespaces);
      expect(report.verdict).toBe("working");
      expect(report.tests.find(({ id }) => id === "firewall")).toMatchObject({
        result: "passed",
        details: { agentRules: true, findings: [] },
      });
    }));

  test.concurrent("refused: nothing listens, until it does", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve("32526", "dns");
      const { report } = await checkIn(namespaces);
      expect(report).toMatchObject({ verdict: "refused", ports: [80] });
      expect(report.ruledOut).toContain("The packets left the VM, so nothing on it stopped them.");
      await namespaces.serve("80");
      expect((await checkIn(namespaces)).report.verdict).toBe("working");
    }));

  test.concurrent("unanswered: the platform's side drops, until it does not", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve();
      await namespaces.inPlatform(...DROP_AGENT_PORTS);
      const { report } = await checkIn(namespaces);
      expect(report).toMatchObject({ verdict: "unanswered", ports: [80, 32526] });
      const tcp = report.tests.find(({ id }) => id === "tcp-80");
      expect(tcp?.packets.length).toBeGreaterThanOrEqual(3);
      await namespaces.inPlatform("iptables", "-F");
      expect((await checkIn(namespaces)).report.verdict).toBe("working");
    }));

  test.concurrent("degraded: a router in between", () =>
    withNamespaces({ routed: true }, async (namespaces) => {
      await namespaces.serve();
      const { status, report } = await checkIn(namespaces);
      expect(status).toBe(1);
      expect(report).toMatchObject({ verdict: "degraded" });
      expect(report.tests.find(({ id }) => id === "hops")).toMatchObject({
        result: "warning",
        details: { hops: 2, path: ["10.9.0.1", PLATFORM_ADDRESS] },
      });
    }));

  test.concurrent("degraded: a proxy in the environment, until no_proxy excepts the address", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve();
      const env = { http_proxy: "http://user:secret@10.9.0.9:3128" };
      const { report } = await checkIn(namespaces, { env });
      expect(report).toMatchObject({ verdict: "degraded", ports: [80] });
      expect(JSON.stringify(report)).not.toContain("secret");
      const mended = await checkIn(namespaces, { env: { ...env, no_proxy: PLATFORM_ADDRESS } });
      expect(mended.report.verdict).toBe("working");
      expect((await checkIn(namespaces, { env, words: ["--fail-on", "critical"] })).status).toBe(0);
    }));

  test.concurrent("degraded: a lease without option 245, until it has one", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve();
      const leases = mkdtempSync(join(folder, "leases-"));
      const lease = (option: string): string =>
        `lease {\n  interface "eth0";\n  fixed-address 10.9.0.4;\n  option dhcp-server-identifier ${PLATFORM_ADDRESS};\n${option}}\n`;
      const file = join(leases, "dhclient.eth0.leases");
      const before = ["sh", "-c", 'mount --bind "$0" /var/lib/dhcp && exec "$@"', leases];
      writeFileSync(file, lease(""));
      const { report } = await checkIn(namespaces, { before });
      expect(report.verdict).toBe("degraded");
      expect(report.summary).toContain("The lease has no option 245");
      writeFileSync(file, lease("  option unknown-245 a8:3f:81:10;\n"));
      const mended = await checkIn(namespaces, { before });
      expect(mended.report.verdict).toBe("working");
      expect(results(mended.report)).toMatchObject({ "dhcp-lease": "passed" });
    }));

  test.concurrent("degraded: DNS alone", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve();
      await namespaces.inPlatform("iptables", "-A", "INPUT", "-p", "udp", "--dport", "53", "-j", "DROP");
      const { report } = await checkIn(namespaces);
      expect(report).toMatchObject({ verdict: "degraded", ports: [53] });
      expect(report.summary).toContain("udp/53 gets no answer");
      await namespaces.inPlatform("iptables", "-F");
      expect((await checkIn(namespaces)).report.verdict).toBe("working");
    }));

  test.concurrent("unknown: without the rights to capture and to read rules, and with them it is not", () =>
    withNamespaces({}, async (namespaces) => {
      await namespaces.serve("dns");
      await namespaces.inPlatform(...DROP_AGENT_PORTS);
      const before = ["setpriv", "--bounding-set=-net_raw,-net_admin", "--inh-caps=-all"];
      const { status, report } = await checkIn(namespaces, { before });
      expect(status).toBe(1);
      expect(report).toMatchObject({ verdict: "unknown", ports: [80, 32526], report: null });
      expect(report.captureMissing).toMatch(/sudo|setcap/);
      expect(report.captureMissing).not.toContain("..");
      expect(results(report)).toMatchObject({ firewall: "not-available", hops: "passed" });
      expect((await checkIn(namespaces)).report.verdict).toBe("unanswered");
    }));
});

/**
 * A lease from the platform's DHCP server, by the client that the remedy names; nothing of the machine's own is touched. Both stay in the
 * namespaces and end with them. The client's pid file tells nothing: it is written after the command has ended.
 */
async function askDhcp(namespaces: Namespaces): Promise<void> {
  const own = mkdtempSync(join(folder, "dhcp-"));
  const server = ["dnsmasq", "--interface=eth0", "--bind-interfaces", "--port=0", `--pid-file=${own}/server.pid`];
  // Without no-ping the server asks for three seconds whether somebody has the address before it offers it.
  const offers = ["--no-ping", "--dhcp-range=10.9.0.4,10.9.0.4,1h", "--dhcp-option=121,0.0.0.0/0,10.9.0.1"];
  await namespaces.inPlatform(
    ...server,
    ...offers,
    `--dhcp-leasefile=${own}/server.leases`,
    "--user=root",
    "--conf-file=/dev/null",
  );
  const files = ["-lf", `${own}/client.leases`, "-pf", `${own}/client.pid`, "-cf", `${own}/client.conf`];
  writeFileSync(
    `${own}/client.conf`,
    "option rfc3442-classless-static-routes code 121 = array of unsigned integer 8;\nrequest routers, rfc3442-classless-static-routes;\n",
  );
  await namespaces.inVm("dhclient", "-v", "-1", ...files, "-sf", "captures/lab/vm/dhclient-script", "eth0");
}
