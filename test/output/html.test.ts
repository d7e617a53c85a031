import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ladder } from "../../src/output/html/ladder.ts";
import { writeHtml } from "../../src/output/html.ts";
import type { PacketLines } from "../../src/report/packet-line.ts";
import { NO_PACKET_LINES } from "../../src/report/packet-line.ts";
import { outputOfFiles } from "../support/analyze.ts";
import { longReport } from "../support/long-report.ts";
import { reportOf } from "../support/report.ts";
import { gatheringSink, outputOf } from "../support/text-sink.ts";

describe("the HTML report", () => {
  test("is one page whose policy allows its own script and style, and nothing else", async () => {
    const page = await outputOf(writeHtml, reportOf());
    const hash = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
    const script = /<script>([\s\S]*?)<\/script>/.exec(page)?.[1] ?? "";
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? "";
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll("&#39;", "'");
    expect(script.length * style.length).toBeGreaterThan(0);
    expect(policy).toBe(
      `default-src 'none'; script-src '${hash(script)}'; style-src '${hash(style)}'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  test("has no inline handler, no inline style, and no address to load from", async () => {
    const page = await outputOfFiles(["captures/incident-mixed.pcapng"], writeHtml);
    const tags = page.replaceAll(/<script[\s\S]*?<\/script>/g, "").match(/<[a-z][^>]*>/g) ?? [];
    expect(tags.filter((tag) => /\s(on[a-z]+|style|src|action|srcset)=/.test(tag))).toEqual([]);
    expect(tags.filter((tag) => /href="(?!#)/.test(tag))).toEqual(['<link rel="icon" href="data:,">']);
  });

  test("is the same bytes for the same input", async () => {
    const path = "captures/probes-up-down.pcap";
    expect(await outputOfFiles([path], writeHtml)).toBe(await outputOfFiles([path], writeHtml));
  });

  test("shows no secret that the capture holds, in whatever form", async () => {
    const path = "captures/secrets-in-capture.pcap";
    const page = Buffer.from(await outputOfFiles([path], writeHtml)).toString("latin1");
    const planted = readFileSync(path, "latin1").match(/[A-Za-z0-9%/+=_-]*FAKE[A-Za-z0-9%/+=_-]*/g) ?? [];
    const values = new Set(planted.map((secret) => /[A-Za-z0-9]*FAKE[A-Za-z0-9]*/.exec(secret)?.[0] ?? secret));
    expect(values.size).toBeGreaterThan(3);
    expect([...values].filter((value) => page.includes(value))).toEqual([]);
    expect(page).not.toMatch(/sig=(?!REDACTED)/i);
  });

  test("says the verdict, the cause, the remedy and the filter", async () => {
    const page = await outputOf(writeHtml, reportOf());
    expect(page).toContain(
      "WireServer is failing: Connection attempts get no answer; the capture could be read only in part.",
    );
    expect(page).toContain("<dt>Cause</dt><dd>Something drops the packets.</dd>");
    expect(page).toContain(
      "<code>ip.addr == 168.63.129.16 &amp;&amp; tcp.port == 80 &amp;&amp; tcp.flags.syn == 1</code>",
    );
    expect(page).toContain("no longer held");
  });

  test("leaves out sections about nothing", async () => {
    const empty = reportOf({
      services: [],
      flows: [],
      dns: { transactions: [] },
      dhcp: { exchanges: [] },
      http: { exchanges: [] },
      probes: [],
      manualTests: [],
      anomalies: [],
    });
    const sections = (await outputOf(writeHtml, empty)).match(/<section id="[^"]*"/g);
    expect(sections).toEqual(['<section id="services"', '<section id="capture"']);
  });

  test("shows on the timeline when a live session did not capture", async () => {
    const gap = {
      fromAt: "2026-01-02T03:04:06.000000Z",
      toAt: "2026-01-02T03:04:08.000000Z",
      reason: "interface-down",
    };
    const report = reportOf();
    report.capture.sources = report.capture.sources.map((source) => ({
      ...source,
      live: { backend: "cap", clock: "arrival", gaps: [gap] },
    }));
    const page = await outputOf(writeHtml, report);
    expect(page).toContain("<title>No capture: the interface was down</title>");
    expect(page).toContain(">no capture</text>");
  });

  test("begins a sentence with a capital when nothing was seen", async () => {
    const capture = { ...reportOf().capture, platformPackets: 0 };
    const page = await outputOf(writeHtml, reportOf({ services: [], anomalies: [], capture }));
    expect(page).toContain("No traffic with the platform address was seen; the capture could be read only in part.");
  });

  test("says how many rows it leaves out, and where they are", async () => {
    const { flows } = longReport(50_010);
    const page = await outputOf(writeHtml, { ...reportOf(), flows });
    expect(page.match(/10 rows are left out[^<]*/g)).toHaveLength(1);
    expect(page).toContain("--format json holds them all");
  });

  test("says how many anomalies it leaves out", async () => {
    const [anomaly] = reportOf().anomalies;
    if (anomaly === undefined) throw new Error("the report has an anomaly");
    const page = await outputOf(writeHtml, reportOf({ anomalies: Array.from({ length: 250 }, () => anomaly) }));
    expect(page).toContain("50 more anomalies: --format json holds them all.");
    expect(page.match(/<article/g)).toHaveLength(200);
  });

  test("is handed on in pieces of bounded size", async () => {
    const sink = gatheringSink();
    await writeHtml({ report: longReport(8000), packets: NO_PACKET_LINES, colour: false }, sink);
    expect(Math.max(...sink.pieces.map((piece) => piece.length))).toBeLessThan(1 << 18);
  });
});

describe("a ladder", () => {
  const packets: PacketLines = {
    ofFlow: (_, most) => Array.from({ length: Math.min(most, 500) }, (_, index) => ({ source: 0, frame: index + 1 })),
    line: (packet) => ({
      packet,
      at: "2026-01-02T03:04:06.000000Z",
      toPlatform: packet.frame % 2 === 1,
      from: "a",
      to: "b",
      summary: `<${packet.frame}>`,
    }),
  };

  test("draws the first packets and the evidence with its neighbours, and says what it skips", () => {
    const [flow] = reportOf().flows;
    if (flow === undefined) throw new Error("the report has a flow");
    const long = { ...flow, packets: { toPlatform: 250, fromPlatform: 250 } };
    const text = ladder(long, 1, packets, ({ frame }) => frame === 300)?.text ?? "";
    expect(
      text
        .match(/&lt;\d+&gt;/g)
        ?.slice(0, 7)
        .join(""),
    ).toBe("&lt;1&gt;&lt;2&gt;&lt;3&gt;&lt;4&gt;&lt;5&gt;&lt;6&gt;&lt;7&gt;");
    expect(text).toContain("&lt;299&gt;");
    expect(text).toContain("&lt;301&gt;");
    expect(text.match(/[\d,]+ packets not drawn/g)).toEqual(["289 packets not drawn", "199 packets not drawn"]);
  });

  test("is not there when no packet is held", () => {
    const [flow] = reportOf().flows;
    if (flow === undefined) throw new Error("the report has a flow");
    expect(ladder(flow, 1, NO_PACKET_LINES, () => false)).toBeNull();
  });
});
