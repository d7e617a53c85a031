import { describe, expect, test } from "vitest";
import { code, codeBlock, prose, tableRow } from "../../src/output/markdown/escape.ts";
import { writeMarkdown } from "../../src/output/markdown.ts";
import type { Anomaly } from "../../src/report/report.ts";
import { reportOf } from "../support/report.ts";
import { outputOf } from "../support/text-sink.ts";

/** Characters that an issue may have. */
const ISSUE_LENGTH = 65_536;

const HOSTILE = [
  "@everyone",
  "#123",
  "GH-123",
  "owner/repo#1",
  "0123456789abcdef0123456789abcdef01234567",
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "![x](http://evil.example/x.png)",
  "[x](javascript:alert(1))",
  "http://evil.example/",
  "www.evil.example",
  "evil.example",
  "a@evil.example",
  "`@everyone`",
  "``` @everyone",
  "*bold*",
  "~~x~~",
  "|",
  "\\|",
  "$x$",
  ":smile:",
  "&lt;",
  "<!channel>",
  "- x",
  "1. x",
  "> x",
  "\n# x",
  "\u202ex",
];

/** What is left of a line when its code is taken away. */
function outsideOfCode(markdown: string): string {
  return markdown.replaceAll(/`[^`\n]*`/g, "");
}

function anomaly(over: Partial<Anomaly>): Anomaly {
  const [one] = reportOf().anomalies;
  if (one === undefined) throw new Error("the report has an anomaly");
  return { ...one, ...over };
}

describe("text from packets", () => {
  test.each(HOSTILE)("means nothing in a sentence: %j", (text) => {
    const outside = outsideOfCode(prose(`Somebody asked for ${text} and got nothing.`));
    expect(outside).toMatch(/^[A-Za-z0-9 .,;:!?'"()…-]*$/);
    expect(outside).not.toMatch(/[0-9a-f]{7}|[A-Z]-\d|:\w+:|\w\.\w|\w\/\w/);
  });

  test.each(HOSTILE)("means nothing at the start of a line: %j", (text) => {
    expect(prose(text)).toMatch(/^(?:`[^`\n]*`|[A-Za-z])/);
  });

  test("cannot end its code or its cell", () => {
    expect(code("a`b")).toBe("`a\\x60b`");
    expect(tableRow([code("a|b\\|c")])).toBe("| `a\\x7cb\\\\x7cc` |");
    expect(codeBlock("```\n@x")).toBe("```text\n\\x60\\x60\\x60\\n@x\n```\n");
  });
});

describe("a sentence", () => {
  test("keeps plain words, and shows addresses and names as code", () => {
    expect(prose("6 connections to tcp/80 of 168.63.129.16 refused: a reset answers the VM's SYN.")).toBe(
      "6 connections to `tcp/80` of `168.63.129.16` refused: a reset answers the VM's SYN.",
    );
  });

  test("shows a command with its options as one, so that it can be copied", () => {
    expect(prose('Linux: look with "iptables -S; nft list ruleset" first. Then curl -m 5 http://x/ and see.')).toBe(
      "Linux: look with `iptables -S; nft list ruleset` first. Then `curl -m 5 http://x/` and see.",
    );
    expect(prose('Run New-NetFirewallRule -DisplayName "Load balancer probe 443" -Action Allow.')).toBe(
      'Run `New-NetFirewallRule -DisplayName "Load balancer probe 443" -Action Allow`.',
    );
  });
});

describe("the document", () => {
  test("says verdict, fault, cause, remedy, evidence and services", async () => {
    const text = await outputOf(writeMarkdown, reportOf());
    expect(text).toContain(
      "## vipscope: failing\n\nWireServer is failing: Connection attempts get no answer; the capture could be read only in part.\n",
    );
    expect(text).toContain("#### 1. Connection attempts get no answer (critical, `handshake-unanswered`)");
    expect(text).toContain("- **Cause:** Something drops the packets.\n- **Remedy:** Allow outbound `tcp/80`");
    expect(text).toContain("```text\nip.addr == 168.63.129.16 && tcp.port == 80 && tcp.flags.syn == 1\n```");
    expect(text).toContain("| WireServer | **failing** | 0 | 1 | - | 1 connection got no answer. |");
  });

  test("has nothing but plain words, and its own marks, outside of code, whatever the packets hold", async () => {
    const hostile = HOSTILE.join(" ");
    const report = reportOf({
      anomalies: [
        anomaly({ title: hostile, summary: hostile, cause: hostile, remedy: hostile, displayFilter: hostile }),
      ],
    });
    report.services = report.services.map((one) => ({ ...one, summary: hostile }));
    report.capture.sources = report.capture.sources.map((one) => ({ ...one, name: hostile }));
    report.capture.problems = report.capture.problems.map((one) => ({ ...one, message: hostile }));
    const packets = {
      ofFlow: () => [],
      line: (packet: { source: number; frame: number }) => {
        return { packet, at: null, toPlatform: true, from: hostile, to: hostile, summary: hostile };
      },
    };
    const text = await outputOf(writeMarkdown, report, { packets });
    const outside = outsideOfCode(text.replaceAll(/```text\n[^\n]*\n```\n/g, ""));
    expect(outside).not.toMatch(/[@<>[\]$~_&\\]|:\/\/|www|evil/);
    expect(outside.match(/^#.*/gm)).toEqual([
      "## vipscope: failing",
      "### What is wrong",
      expect.stringMatching(/^#### 1\. /),
      "### Services",
      "### Capture",
    ]);
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(rows.map((row) => row.split("|").length).sort()).toEqual([6, 6, 6, 6, 6, 8, 8, 8, 8]);
  });

  test("begins with a capital when nothing was seen", async () => {
    const text = await outputOf(writeMarkdown, reportOf({ services: [], anomalies: [] }));
    expect(text).toContain("\nPackets with the platform address were seen");
  });

  test("fits an issue, however much there is to tell", async () => {
    const long = "`x|".repeat(8000);
    const usual = reportOf();
    const fault = anomaly({ summary: long, cause: long, remedy: long, displayFilter: long });
    const report = reportOf({
      anomalies: Array.from({ length: 1000 }, () => fault),
      services: [0, 1, 2, 3].flatMap(() => usual.services.map((one) => ({ ...one, summary: long }))),
    });
    report.capture.sources = usual.capture.sources.flatMap((one) =>
      Array.from({ length: 50 }, () => ({ ...one, name: long })),
    );
    report.capture.problems = usual.capture.problems.flatMap((one) =>
      Array.from({ length: 64 }, () => ({ ...one, message: long })),
    );
    const text = await outputOf(writeMarkdown, report);
    expect(text.length).toBeLessThan(ISSUE_LENGTH);
    expect(text).toContain("- and 95");
  });
});
