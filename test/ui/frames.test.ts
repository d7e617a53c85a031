import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { PacketRef, Report } from "../../src/report/report.ts";
import type { Activity, FlowDetail, LadderPacket, PacketDetail } from "../../src/report/view-source.ts";
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

function flowDetail(report: Report, id: number): FlowDetail | null {
  const flow = report.flows[id];
  if (flow === undefined) return null;
  const http = report.http.exchanges.filter((one) => one.flow === id);
  return { revision: 1, flow, packets: LADDER, packetsLeftOut: 3, dns: [], dhcp: [], http };
}

function packetDetail(packet: PacketRef): PacketDetail {
  const line = { ...ladderPacket(packet.frame, 0, true, "DNS query A example.com", []), packet };
  const bytes = Uint8Array.from({ length: 71 }, (_, index) => (index * 7) % 256);
  return { line, bytes, wireBytes: 90, layers: ["IPv4, 57 bytes", "  TTL 64", "UDP, 37 bytes", "  from port 40001"] };
}

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
  { name: "packet", report: "incident-mixed", keys: ["2", "G", ENTER, "jjjjjj", ENTER] },
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

/** A flow's packets as an analysis would tell them: a lost request, asked again after a second, and its answer. */
const LADDER: readonly LadderPacket[] = [
  ladderPacket(4, 0, true, "SYN", []),
  ladderPacket(5, 0.075, false, "SYN ACK", []),
  ladderPacket(6, 0.09, true, "ACK", []),
  ladderPacket(7, 0.4, true, "HTTP GET /machine/?comp=goalstate, 180 bytes", []),
  ladderPacket(9, 1204.5, true, "PSH ACK 180 bytes [retransmission]", ["retransmission"]),
  ladderPacket(12, 1208.25, false, "HTTP 200, 2066 bytes", ["gap-before"]),
];

function ladderPacket(
  frame: number,
  relativeMs: number,
  toPlatform: boolean,
  summary: string,
  marks: LadderPacket["marks"],
): LadderPacket {
  const [from, to] = toPlatform ? ["10.1.0.4:44834", "168.63.129.16:80"] : ["168.63.129.16:80", "10.1.0.4:44834"];
  const tcp = { flags: "ACK", sequence: frame > 6 ? 1 : 0, acknowledgment: 1, payloadBytes: 0, window: 64_240 };
  return {
    packet: { source: 0, frame },
    at: "2026-11-24T04:09:47.555717Z",
    toPlatform,
    from,
    to,
    summary,
    relativeMs,
    tcp,
    marks,
  };
}

/** Escape sequences as a person can read them: `<36>` for the number of a colour or an attribute. */
function readable(painted: string): string {
  return painted.replaceAll("\u001b[", "<").replaceAll(/(?<=<[\d;]*)m/g, ">");
}

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 160, rows: 50 },
] as const;

for (const { columns, rows } of SIZES) {
  test.each(SHOTS)(`$name at ${columns} by ${rows}`, async ({ name, report, keys }) => {
    const source = new ReportViewSource(goldenReport(report), {
      activity: { wireserver: POLLING, "hostga-plugin": POLLING, dns: POLLING, heartbeat: POLLING },
      platformPackets: POLLING.succeeded,
      flow: (id) => flowDetail(goldenReport(report), id),
      packet: (packet) => packetDetail(packet),
    });
    const screen = await openScreen(source, { columns, rows, title: `${report}.pcapng` });
    await screen.press(...keys);
    await expect(`${screen.frame()}\n`).toMatchFileSnapshot(`golden/${name}-${columns}x${rows}.txt`);
    await expect(`${readable(screen.painted())}\n`).toMatchFileSnapshot(`golden/colour/${name}-${columns}x${rows}.txt`);
    screen.close();
  });
}

test.each([
  { depth: "no-colour", env: { LANG: "C.UTF-8", NO_COLOR: "1" } },
  { depth: "16-colours", env: { LANG: "C.UTF-8", TERM: "xterm" } },
  { depth: "true-colour", env: { LANG: "C.UTF-8", COLORTERM: "truecolor" } },
])("the first screen and its flows in $depth, escape sequences made readable", async ({ depth, env }) => {
  const screen = await openScreen(new ReportViewSource(goldenReport("non-primary-nic")), { env });
  const first = screen.painted();
  await screen.press("2");
  const both = readable(`${first}\n\n${screen.painted()}\n`);
  await expect(both).toMatchFileSnapshot(`golden/first-screen-${depth}.txt`);
  screen.close();
});
