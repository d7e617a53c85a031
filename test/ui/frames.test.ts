import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import type { Activity } from "../../src/report/view-source.ts";
import { ReportViewSource } from "../support/report-view-source.ts";
import { openScreen } from "../support/screen.tsx";

/** Frames of each view on shipped captures, to be read: `npx vitest run test/ui --update` writes them anew. */
const ENTER = "\r";

function goldenReport(name: string): Report {
  return JSON.parse(readFileSync(`test/golden/${name}.json`, "utf8"));
}

/** The agent polls every six seconds, and is silent for a while. */
const POLLING: Activity = {
  bucketMs: 2000,
  succeeded: Array.from({ length: 37 }, (_, index) => (index % 3 === 0 && (index < 20 || index > 28) ? 2 : 0)),
  failed: Array.from({ length: 37 }, (_, index) => (index === 30 || index === 33 ? 1 : 0)),
};

interface Shot {
  readonly name: string;
  readonly report: string;
  readonly keys: readonly string[];
}

const SHOTS: readonly Shot[] = [
  { name: "first-screen", report: "incident-mixed", keys: [] },
  { name: "first-screen-healthy", report: "healthy-boot", keys: [] },
  { name: "anomaly", report: "incident-mixed", keys: [ENTER] },
  { name: "flows", report: "incident-mixed", keys: ["2"] },
  { name: "flows-non-primary", report: "non-primary-nic", keys: ["2"] },
  { name: "flows-filtered", report: "incident-mixed", keys: ["2", "/", "d", "n", "s", ENTER, "s", "S"] },
  { name: "flow", report: "incident-mixed", keys: ["2", "G", ENTER] },
  { name: "dns", report: "dns-trouble", keys: ["3"] },
  { name: "dhcp", report: "dhcp-renew-release", keys: ["4"] },
  { name: "dhcp-exchange", report: "dhcp-acquire", keys: ["4", ENTER] },
  { name: "http", report: "incident-mixed", keys: ["5"] },
  { name: "probes", report: "probes-up-down", keys: ["6"] },
  { name: "probe", report: "probes-up-down", keys: ["6", ENTER] },
  { name: "nics", report: "non-primary-nic", keys: ["7"] },
  { name: "capture", report: "truncated-file", keys: ["8"] },
  { name: "help", report: "incident-mixed", keys: ["?"] },
];

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 160, rows: 50 },
] as const;

for (const { columns, rows } of SIZES) {
  test.each(SHOTS)(`$name at ${columns} by ${rows}`, async ({ name, report, keys }) => {
    const source = new ReportViewSource(goldenReport(report), {
      activity: { wireserver: POLLING, "hostga-plugin": POLLING, dns: POLLING, heartbeat: POLLING },
      platformPackets: POLLING.succeeded,
    });
    const screen = await openScreen(source, { columns, rows, title: `${report}.pcapng` });
    await screen.press(...keys);
    await expect(`${screen.frame()}\n`).toMatchFileSnapshot(`golden/${name}-${columns}x${rows}.txt`);
    screen.close();
  });
}
