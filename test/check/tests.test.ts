/** The tests that send nothing, on machines that are made up. */
import { describe, expect, test } from "vitest";
import type { HostInterface } from "../../src/capture/live/interfaces.ts";
import type { Lease } from "../../src/capture/live/lease-files.ts";
import { addressTest } from "../../src/check/address.ts";
import type { CheckContext, CheckHost } from "../../src/check/check-test.ts";
import type { CommandOutcome } from "../../src/check/command.ts";
import { dhcpLeaseTest } from "../../src/check/dhcp-lease.ts";
import { firewallTest } from "../../src/check/firewall.ts";
import { hopsTest, pathOf } from "../../src/check/hops.ts";
import { interfacesTest } from "../../src/check/interfaces.ts";
import { primaryNicTest } from "../../src/check/primary-nic.ts";
import { proxyTest } from "../../src/check/proxy.ts";
import { judgeRoute } from "../../src/check/route.ts";
import { secondaryNicsTest } from "../../src/check/secondary-nics.ts";
import { doneTests, testOf } from "../support/check.ts";

const ADDRESS = "168.63.129.16";

function nic(name: string, over: Partial<HostInterface> = {}): HostInterface {
  return {
    ...{ name, index: 2, mac: "00:0d:3a:00:00:04", addresses: ["10.0.0.4"], up: true, loopback: false, virtual: false },
    ...{ primary: false, primaryReason: null, ...over },
  };
}

const MISSING: CommandOutcome = { missing: true, status: null, stdout: "", stderr: "" };
const said = (stdout: string, status = 0): CommandOutcome => ({ missing: false, status, stdout, stderr: "" });

/** A Linux machine with one NIC and no programs, but for `over`; `programs` answers by the program's name. */
function context(over: Partial<CheckHost> = {}, programs: Readonly<Record<string, CommandOutcome>> = {}): CheckContext {
  const host: CheckHost = {
    ...{ system: "linux", uid: 0, env: {} },
    interfaces: () => [nic("eth0", { primary: true, primaryReason: "the only NIC" })],
    maskOf: () => "255.255.255.0",
    leases: () => [],
    readText: () => null,
    run: (program) => Promise.resolve(programs[program] ?? MISSING),
    ...over,
  };
  return { address: ADDRESS, timeoutMs: 100, host };
}

const lease = (over: Partial<Lease> = {}): Lease => ({
  ...{ file: "/run/systemd/netif/leases/2", client: "systemd-networkd", interface: null, interfaceIndex: 2 },
  ...{ address: "10.0.0.4", serverIdentifier: ADDRESS, platformAddress: ADDRESS, hostRoutes: [], ...over },
});

describe("interfaces and addresses", () => {
  test.each<[string, HostInterface[], string, string]>([
    ["a NIC that is down", [nic("eth0", { up: false, addresses: [] })], "failed", "failed"],
    ["no NIC at all", [nic("lo", { loopback: true })], "failed", "failed"],
    [
      "a bridge of containers alone",
      [nic("eth0", { up: false }), nic("docker0", { virtual: true })],
      "failed",
      "failed",
    ],
    [
      "a NIC without an address, and a bridge that has one",
      [nic("eth0", { addresses: [] }), nic("docker0", { virtual: true })],
      "passed",
      "failed",
    ],
    [
      "a bond that carries the address",
      [nic("eth0", { addresses: [] }), nic("bond0", { virtual: true, primary: true })],
      "passed",
      "passed",
    ],
    ["IPv6 alone", [nic("eth0", { addresses: ["fe80::1"] })], "passed", "failed"],
    [
      "a link-local address beside a usable one",
      [nic("eth0", { addresses: ["169.254.1.1", "10.0.0.4"] })],
      "passed",
      "passed",
    ],
  ])("%s", async (_, interfaces, up, address) => {
    const given = context({ interfaces: () => interfaces });
    expect((await interfacesTest.run(given, {})).result).toBe(up);
    expect((await addressTest.run(given, {})).result).toBe(address);
  });
});

describe("the primary NIC", () => {
  test("its primary address is the lease's, wherever it stands, and its router the default route's", async () => {
    const interfaces = () => [
      nic("eth0", { addresses: ["10.0.0.5", "10.0.0.4"], primary: true, primaryReason: "the only NIC" }),
    ];
    const given = context(
      { interfaces, leases: () => [lease()] },
      { ip: said('[{"gateway":"10.0.0.254","metric":100}]') },
    );
    expect(await primaryNicTest.run(given, {})).toMatchObject({
      result: "passed",
      details: { interface: "eth0", address: "10.0.0.4", gateway: "10.0.0.254" },
    });
  });

  test("without a default route its router is the network's first address", async () => {
    expect((await primaryNicTest.run(context(), {})).details.gateway).toBe("10.0.0.1");
  });

  test("is not known among several without a route or lease; a system that cannot tell has no test", async () => {
    const interfaces = () => [nic("eth0"), nic("eth1")];
    expect((await primaryNicTest.run(context({ interfaces }), {})).result).toBe("warning");
    expect((await primaryNicTest.run(context({ interfaces, system: "win32" }), {})).result).toBe("not-available");
  });
});

describe("the route", () => {
  const primary = { interface: "eth0", mac: null, address: "10.0.0.4", gateway: "10.0.0.1", reason: null };
  const way = { method: "ip", interface: "eth0", gateway: "10.0.0.1", source: "10.0.0.4", error: null } as const;

  test.each([
    ["by the primary NIC from its address", way, primary, "passed"],
    ["by another NIC", { ...way, interface: "eth1" }, primary, "failed"],
    ["from another address", { ...way, source: "10.0.0.5" }, primary, "failed"],
    ["by a NIC that is not known", { ...way, interface: null }, primary, "passed"],
    ["where the primary NIC is not known", { ...way, interface: "eth1" }, null, "passed"],
    ["nowhere", { ...way, error: "Network is unreachable" }, primary, "failed"],
  ])("%s", (_, route, nicDetails, result) => {
    expect(judgeRoute(route, nicDetails, ADDRESS).result).toBe(result);
  });
});

describe("the lease", () => {
  const run = async (...leases: Lease[]) => dhcpLeaseTest.run(context({ leases: () => leases }), doneTests());

  test.each<[string, Lease[], string, string]>([
    ["no lease", [], "not-available", "No lease was found"],
    ["option 245", [lease()], "passed", "Option 245 is 168.63.129.16"],
    ["no option 245", [lease({ platformAddress: null })], "warning", "has no option 245"],
    ["a malformed one", [lease({ platformAddress: "malformed" })], "warning", "not four bytes"],
    [
      "another address",
      [lease({ platformAddress: "10.62.144.140" })],
      "warning",
      "Option 245 is 10.62.144.140, and 168.63.129.16 was tested",
    ],
    ["the newest counts", [lease({ platformAddress: null }), lease()], "passed", "Option 245"],
    ["another NIC's", [lease({ interfaceIndex: 3, address: "10.0.1.4" })], "not-available", "other NICs"],
  ])("%s", async (_, leases, result, summary) => {
    const outcome = await run(...leases);
    expect(outcome.result).toBe(result);
    expect(outcome.summary).toContain(summary);
  });
});

describe("a proxy", () => {
  const run = async (env: Record<string, string>, file: string | null = null) =>
    proxyTest.run(context({ env, readText: (path) => (path === "/etc/environment" ? file : null) }), {});

  test.each<[string, Record<string, string>, string | null, string | null]>([
    ["none", {}, null, null],
    ["http_proxy", { http_proxy: "http://p:3128" }, null, "http_proxy"],
    ["all_proxy", { ALL_PROXY: "socks5://p:1080" }, null, "ALL_PROXY"],
    ["https_proxy, which plain requests do not follow", { https_proxy: "http://p:3128" }, null, null],
    ["an exception", { http_proxy: "http://p:3128", no_proxy: ADDRESS }, null, null],
    ["the machine's environment", {}, 'http_proxy="http://p:3128"\n', "http_proxy"],
    ["the machine's environment with its exception", {}, `http_proxy=http://p:3128\nno_proxy=${ADDRESS}\n`, null],
    ["an exception elsewhere", { no_proxy: ADDRESS }, "http_proxy=http://p:3128\n", "http_proxy"],
  ])("%s", async (_, env, file, variable) => {
    const { result, details } = await run(env, file);
    expect(details.catchingVariable).toBe(variable);
    expect(result).toBe(variable === null ? "passed" : "warning");
  });

  test("its user name and password reach no report", async () => {
    const outcome = await run({ http_proxy: "http://user:p%40ss@p:3128" });
    expect(outcome.details.settings).toEqual([
      { variable: "http_proxy", value: "http://p:3128", origin: "environment" },
    ]);
  });
});

describe("what needs rights or another system", () => {
  test.each([
    ["Linux without root", { uid: 1000 }, "run it with sudo"],
    ["Linux without the programs", { uid: 0 }, "Neither iptables-save nor nft is here"],
    ["Windows", { system: "win32", uid: null }, "netsh wfp"],
    ["macOS", { system: "darwin" }, "pfctl"],
  ])("the firewall of %s is not available, and how to look is said", async (_, host, summary) => {
    const outcome = await firewallTest.run(context(host), doneTests());
    expect(outcome.result).toBe("not-available");
    expect(outcome.summary).toContain(summary);
  });

  test("a rule about traffic that works is no finding", async () => {
    const rules = "*filter\n:OUTPUT DROP [0:0]\nCOMMIT\n";
    const given = context({}, { "iptables-save": said(rules) });
    expect((await firewallTest.run(given, doneTests())).result).toBe("passed");
    const failing = {
      ...doneTests(),
      "tcp-80": testOf("tcp-80", { port: 80, tries: [], nextHop: null }, { result: "failed" }),
    };
    expect((await firewallTest.run(given, failing)).details.findings).toMatchObject([{ port: 80, effect: "drops" }]);
  });

  test("hops are counted by traceroute's lines", async () => {
    const lines = `traceroute to ${ADDRESS}, 4 hops max\n 1  *\n 2  10.0.0.1  0.4 ms\n 3  ${ADDRESS}  0.9 ms\n`;
    expect(pathOf(lines)).toEqual([null, "10.0.0.1", ADDRESS]);
    const outcome = await hopsTest.run(context({}, { traceroute: said(lines) }), doneTests());
    expect(outcome).toMatchObject({ result: "warning", details: { method: "traceroute", hops: 3 } });
    expect(outcome.summary).toContain("with a silent one, 10.0.0.1 in between");
  });

  test("there is nothing to bind to without a further NIC", async () => {
    expect((await secondaryNicsTest.run(context(), doneTests())).result).toBe("skipped");
  });
});
