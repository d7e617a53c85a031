import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import { Analysis, analyze } from "../src/analyzer.ts";
import { openCapture } from "../src/capture/merge.ts";
import { openStream } from "../src/capture/open.ts";
import { SourceFacts } from "../src/capture/source-facts.ts";
import { materialize } from "../src/report/report-view.ts";
import { analyzeBytes, analyzeFiles, DEFAULT_OPTIONS } from "./support/analyze.ts";
import { CAPTURES } from "./support/captures.ts";
import { ethernet, hex, ipv4, joinBytes, udp } from "./support/packet-bytes.ts";
import { pcapFile } from "./support/pcap-writer.ts";
import { reportFaults } from "./support/schema.ts";

const CLASSIC = "captures/classic.pcap";
const CLASSIC_ADDRESS = "100.115.176.3";
const BOOT = "captures/healthy-boot.pcapng";
const opened: Analysis[] = [];
afterEach(() => {
  for (const analysis of opened.splice(0)) analysis.close();
});

describe("a platform address that a lease names", () => {
  test("counts from the first packet of a file on, also before the lease", async () => {
    const { report } = await analyzeFiles([CLASSIC]);
    expect(report.platform.addresses).toContainEqual({ address: CLASSIC_ADDRESS, origin: "dhcp-option-245" });
    const lease = report.dhcp.exchanges[0]?.messages[0]?.at ?? "";
    const before = report.flows.filter((flow) => flow.startedAt < lease && flow.platform.address === CLASSIC_ADDRESS);
    expect(before.length).toBeGreaterThan(0);
    expect(report.capture.problems).toEqual([]);
  });

  test("counts from the lease on where the input cannot be read twice, and the report says so", async () => {
    const { report } = await analyzeBytes(readFileSync(CLASSIC));
    expect(report.platform.addresses).toContainEqual({ address: CLASSIC_ADDRESS, origin: "dhcp-option-245" });
    const lease = report.dhcp.exchanges[0]?.messages[0]?.at ?? "";
    const others = report.flows.filter((flow) => flow.service !== "dhcp");
    expect(others.filter((flow) => flow.startedAt < lease)).toEqual([]);
    expect(report.capture.problems.map((problem) => problem.code)).toEqual(["platform-address-from-here-on"]);
  });

  test("is told to be the option's when the user named it", async () => {
    const { report } = await analyzeFiles([CLASSIC], { platformAddresses: [CLASSIC_ADDRESS] });
    expect(report.platform.addresses).toEqual([{ address: CLASSIC_ADDRESS, origin: "option" }]);
  });
});

describe("the primary NIC", () => {
  test("is the one that the user names, by name, MAC or address", async () => {
    for (const name of ["eth1", "00:22:48:9b:52:07", "10.1.1.4"]) {
      const { report } = await analyzeFiles([BOOT], { primaryNic: { name, origin: "option" } });
      expect(report.platform.primaryNic).toMatchObject({ interface: "eth1", origin: "option" });
      expect(report.anomalies.map((anomaly) => anomaly.rule)).toContain("non-primary-nic-source");
    }
  });

  test("that the user names and the capture does not show is left aside, and is a problem that names those it has", async () => {
    const { report } = await analyzeFiles([BOOT], { primaryNic: { name: "eth7", origin: "option" } });
    expect(report.platform.primaryNic).toMatchObject({ interface: "eth0", origin: "dhcp" });
    expect(report.anomalies.map((anomaly) => anomaly.rule)).not.toContain("non-primary-nic-source");
    expect(report.capture.problems.map(({ code, message }) => [code, message])).toEqual([
      [
        "primary-nic-not-seen",
        "The primary NIC eth7 that was named is not in the capture, and was left aside: it shows eth0 00:0d:3a:4c:1e:04 10.1.0.4; eth1 00:22:48:9b:52:07 10.1.1.4. If the name is right, the platform's traffic here left by another NIC.",
      ],
    ]);
  });

  test("that the host names and the capture does not show makes the others secondary", async () => {
    const { report } = await analyzeFiles([BOOT], { primaryNic: { name: "eth7", origin: "host" } });
    expect(report.platform.primaryNic).toEqual({ interface: "eth7", mac: null, addresses: [], origin: "host" });
    expect(report.platform.nics.map((nic) => nic.primary)).toEqual([false, false]);
    expect(report.capture.problems.map((problem) => problem.code)).toEqual(["primary-nic-not-seen"]);
  });

  test("is found by the lease that carries the platform's route", async () => {
    const { report } = await analyzeFiles([BOOT]);
    expect(report.platform.primaryNic).toMatchObject({ interface: "eth0", origin: "dhcp" });
    expect(report.platform.nics.map((nic) => [nic.interface, nic.primary])).toEqual([
      ["eth0", true],
      ["eth1", false],
    ]);
  });
});

describe("a snapshot", () => {
  test("is a valid report at any time, and the last one is the report", async () => {
    const bytes = readFileSync(BOOT);
    const analysis = new Analysis({ ...DEFAULT_OPTIONS, live: true });
    opened.push(analysis);
    const faults: string[] = [];
    let snapshots = 0;
    const stream = Readable.from(slices(bytes, 10_000), { objectMode: false });
    await analysis.open(async (options) => {
      const facts = new SourceFacts("-");
      return { facts: [facts], records: await openStream(stream, 0, options, facts) };
    });
    await analysis.read(() => {
      snapshots += 1;
      faults.push(...reportFaults(materialize(analysis.snapshot())));
    });
    expect(snapshots).toBeGreaterThan(10);
    expect(faults).toEqual([]);
    const { report } = await analyzeFiles([BOOT]);
    const last = materialize(analysis.finish());
    expect(last.flows).toEqual(report.flows);
    expect(last.services).toEqual(report.services);
  });
});

function* slices(bytes: Uint8Array, size: number): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("many captures", () => {
  test("are one analysis", async () => {
    const { report } = await analyzeFiles(CAPTURES);
    expect(reportFaults(report)).toEqual([]);
    expect(report.capture.sources).toHaveLength(CAPTURES.length);
  });

  test("that cannot be opened a second time end the analysis before it begins", async () => {
    await expect(analyze((options) => openCapture(["captures/none.pcap"], options), DEFAULT_OPTIONS)).rejects.toThrow(
      "no such file",
    );
  });
});

describe("traffic with the platform address within a tunnel", () => {
  const inner = ethernet(ipv4(udp(new Uint8Array(12), { sourcePort: 40_000, destinationPort: 53 }), { protocol: 17 }));
  const outer = { source: "10.9.0.1", destination: "10.9.0.2", protocol: 17 };
  const vxlan = udp(joinBytes(hex("0800000000006400"), inner), { destinationPort: 4789 });
  const packet = (second: number) => ({ seconds: second, fraction: 0, bytes: ethernet(ipv4(vxlan, outer)) });

  test("is not analysed, and is told with how to take the tunnel off", async () => {
    const { report, text } = await analyzeBytes(pcapFile([packet(1), packet(2)]));
    expect([report.flows, report.capture.platformPackets]).toEqual([[], 0]);
    expect(report.capture.problems).toEqual([
      {
        source: 0,
        code: "platform-in-tunnel",
        message:
          'Traffic with the platform address is within a VXLAN tunnel, first in frame 1, and was not analysed. Capture on the VM\'s own NIC, or take the tunnel off: "editcap -L -C 50 -T ether IN OUT".',
        offsetBytes: 40,
        count: 2,
      },
    ]);
    expect(text).toMatch(/^NOTHING SEEN: traffic with the platform address was seen within a tunnel alone/);
  });

  test("of other addresses is not told", async () => {
    const others = ethernet(ipv4(new Uint8Array(20), { source: "10.0.0.4", destination: "10.0.0.5" }));
    const other = udp(joinBytes(hex("0800000000006400"), others), { destinationPort: 4789 });
    const { report } = await analyzeBytes(pcapFile([{ seconds: 1, fraction: 0, bytes: ethernet(ipv4(other, outer)) }]));
    expect(report.capture.problems).toEqual([]);
  });
});

test("what an appliance takes in for others leaves by none of its NICs", async () => {
  const query = (source: string, sourceMac: string, fraction: number) => ({
    seconds: 1,
    fraction,
    bytes: ethernet(
      ipv4(udp(new Uint8Array(12), { sourcePort: 40_000, destinationPort: 53 }), { source, protocol: 17 }),
      {
        source: sourceMac,
      },
    ),
  });
  const { report } = await analyzeBytes(
    pcapFile([query("10.1.0.9", "123456789abc", 0), query("10.0.0.68", "000d3aaaaaa2", 20)]),
  );
  expect(report.platform.nics.map(({ mac, addresses }) => [mac, addresses])).toEqual([
    ["00:0d:3a:aa:aa:a2", ["10.0.0.68"]],
  ]);
});

test("a capture whose packets all bear the time 0 is told to have none; a few are not", async () => {
  const packet = {
    seconds: 0,
    fraction: 0,
    bytes: ethernet(ipv4(udp(new Uint8Array(12), { destinationPort: 53 }), { protocol: 17 })),
  };
  const codesOf = async (count: number) => {
    const { report } = await analyzeBytes(pcapFile(new Array(count).fill(packet)));
    return report.capture.problems.map(({ code }) => code);
  };
  expect(await codesOf(10)).toContain("times-missing");
  expect(await codesOf(9)).not.toContain("times-missing");
});
