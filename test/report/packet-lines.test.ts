import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { type Analysis, analyze } from "../../src/analyzer.ts";
import { openCapture } from "../../src/capture/merge.ts";
import type { PacketLine } from "../../src/report/packet-line.ts";
import { analyzeFiles, DEFAULT_OPTIONS } from "../support/analyze.ts";
import { hasTool } from "../support/tools.ts";
import { tsharkFields } from "../support/tshark.ts";

const opened: Analysis[] = [];
afterAll(() => {
  for (const analysis of opened) analysis.close();
});

/** The lines of these frames of a capture. */
async function linesOf(
  paths: readonly string[],
  refs: readonly (readonly [number, number])[],
): Promise<(PacketLine | null)[]> {
  const analysis = await analyze((options) => openCapture(paths, options), DEFAULT_OPTIONS);
  opened.push(analysis);
  analysis.finish();
  const lines = analysis.packetLines();
  return refs.map(([source, frame]) => lines.line({ source, frame }));
}

async function summariesOf(path: string, ...frames: number[]): Promise<(string | undefined)[]> {
  const lines = await linesOf(
    [path],
    frames.map((frame) => [0, frame] as const),
  );
  return lines.map((line) => line?.summary);
}

describe("a packet in one line", () => {
  test("says who sent what to whom, and when", async () => {
    const [syn, reset] = await evidenceOf("captures/wireserver-refused.pcap", "handshake-refused");
    expect(syn).toMatchObject({ toPlatform: true, to: "168.63.129.16:80", summary: "SYN" });
    expect(reset).toMatchObject({ toPlatform: false, from: "168.63.129.16:80", summary: "RST ACK" });
    expect(reset?.at?.slice(0, 20)).toBe(syn?.at?.slice(0, 20));
  });

  test("names DHCP messages with address, server and option 245", async () => {
    expect(await summariesOf("captures/dhcp-acquire.pcap", 1, 2)).toEqual([
      "DHCP DISCOVER of 00:0d:3a:4c:1e:04",
      "DHCP OFFER of 00:0d:3a:4c:1e:04, 10.1.0.4, server 168.63.129.16, option 245 168.63.129.16",
    ]);
  });

  test("names a retransmission", async () => {
    expect((await analyzeFiles(["captures/wireserver-blocked.pcap"])).text).toContain("SYN [retransmission]");
  });

  test("is null for a packet that is none of the platform's", async () => {
    expect(
      await linesOf(
        ["captures/dhcp-acquire.pcap"],
        [
          [0, 9999],
          [1, 1],
        ],
      ),
    ).toEqual([null, null]);
  });

  test("is found in the file that it came from", async () => {
    const paths = ["captures/wireserver-refused.pcap", "captures/dhcp-acquire.pcap"];
    const [dhcp, other] = await linesOf(paths, [
      [1, 1],
      [0, 1],
    ]);
    expect(dhcp?.summary).toBe("DHCP DISCOVER of 00:0d:3a:4c:1e:04");
    expect(other).toBeNull();
  });
});

describe("the packets of a flow", () => {
  test("are those of its conversation, in order", async () => {
    const analysis = await analyze(
      (options) => openCapture(["captures/wireserver-refused.pcap"], options),
      DEFAULT_OPTIONS,
    );
    opened.push(analysis);
    const refused = [...analysis.finish().flows].find((flow) => flow.tcp?.outcome === "refused");
    const lines = analysis.packetLines();
    const refs = lines.ofFlow(refused?.id ?? -1, 10);
    expect(refs.map((ref) => lines.line(ref)?.summary)).toEqual(["SYN", "RST ACK"]);
    expect(lines.ofFlow(refused?.id ?? -1, 1)).toEqual(refs.slice(0, 1));
  });

  test("are none for a flow that is not there", async () => {
    const analysis = await analyze((options) => openCapture(["captures/dhcp-acquire.pcap"], options), DEFAULT_OPTIONS);
    opened.push(analysis);
    analysis.finish();
    expect([-1, 9999].map((flow) => analysis.packetLines().ofFlow(flow, 10))).toEqual([[], []]);
  });
});

/** The evidence of the first anomaly of a rule. */
async function evidenceOf(path: string, rule: string): Promise<(PacketLine | null)[]> {
  const { report } = await analyzeFiles([path]);
  const evidence = report.anomalies.find((anomaly) => anomaly.rule === rule)?.packets ?? [];
  return linesOf(
    [path],
    evidence.map(({ source, frame }) => [source, frame] as const),
  );
}

test.runIf(hasTool("tshark"))("questions and answers are named as tshark names them", async () => {
  const path = "captures/dns-trouble.pcap";
  const fields = ["frame.number", "dns.flags.response", "dns.qry.name", "icmp.type", "dns.length", "tcp.port"];
  const rows = tsharkFields(readFileSync(path), fields, ["-Y", "dns && udp"]);
  const frames = rows.map((row) => Number(row[0]?.[0]));
  const summaries = await summariesOf(path, ...frames);
  for (const [index, row] of rows.entries()) {
    expect(summaries[index]).toContain(row[1]?.[0] === "1" ? "DNS " : "DNS query");
    expect(summaries[index]).toContain(row[2]?.[0] ?? "");
  }
});
