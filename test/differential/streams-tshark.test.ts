import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FlowField, FlowKind } from "../../src/flow/flow-table.ts";
import { hasTool } from "../support/tools.ts";
import { CLASSIC_ADDRESS, capturePath, listenerOf, trackCaptures } from "../support/track-capture.ts";

const PLATFORM_ADDRESSES = new Set(["168.63.129.16", "fe80::1234:5678:9abc", CLASSIC_ADDRESS]);

/** More streams than a capture has beside those of the platform. */
const OTHER_STREAMS = 8;

/** What tshark's "follow" writes in place of bytes that it misses. */
const MISSING = /\[(\d+) bytes missing in capture file\]\0?/g;

/** One direction of a TCP connection: who sends to whom, and its bytes as Latin-1 text with "[n]" for a gap. */
type Direction = [from: string, to: string, bytes: string];

/** As this project puts the streams together. */
async function ourStreams(name: string): Promise<Direction[]> {
  const parts = new Map<string, string[]>();
  const add = (flow: number, toPlatform: boolean, text: string): void => {
    const key = `${flow} ${toPlatform}`;
    const list = parts.get(key) ?? [];
    list.push(text);
    parts.set(key, list);
  };
  const tracker = await trackCaptures(
    [name],
    listenerOf({
      stream: (flow, toPlatform, _packet, _atNs, view, start, end) =>
        add(flow, toPlatform, Buffer.from(view.buffer, view.byteOffset + start, end - start).toString("latin1")),
      gap: (flow, toPlatform, _packet, _atNs, bytes) => add(flow, toPlatform, `[${bytes}]`),
    }),
  );
  const { flows } = tracker;
  const directions: Direction[] = [];
  for (let flow = 0; flow < flows.rows; flow++) {
    if (flows.int(flow, FlowField.kind) !== FlowKind.tcp) continue;
    const vm = `${flows.vmAddressText(flow)} ${flows.int(flow, FlowField.vmPort)}`;
    const platform = `${flows.platformAddressText(flow)} ${flows.int(flow, FlowField.platformPort)}`;
    directions.push([vm, platform, (parts.get(`${flow} true`) ?? []).join("")]);
    directions.push([platform, vm, (parts.get(`${flow} false`) ?? []).join("")]);
  }
  return directions.sort();
}

/** As tshark follows them: those of the platform among the first `count` of the capture. */
function tsharkStreams(name: string, count: number): Direction[] {
  const followed = Array.from({ length: count }, (_unused, stream) => ["-z", `follow,tcp,raw,${stream}`]).flat();
  const output = execFileSync("tshark", ["-n", "-q", "-r", capturePath(name), ...followed], {
    encoding: "latin1",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1 << 28,
  });
  const directions: Direction[] = [];
  for (const section of output.split(/^=+$/m)) {
    const nodes = /\nNode 0: \[?(.*?)\]?:(\d+)\nNode 1: \[?(.*?)\]?:(\d+)\n([\s\S]*)/.exec(section);
    if (nodes === null) continue;
    const [, address0 = "", port0, address1 = "", port1, hex = ""] = nodes;
    if (!PLATFORM_ADDRESSES.has(address0) && !PLATFORM_ADDRESSES.has(address1)) continue;
    const lines = hex.split("\n");
    const first = lines.filter((line) => !line.startsWith("\t")).join("");
    const second = lines
      .filter((line) => line.startsWith("\t"))
      .join("")
      .replaceAll("\t", "");
    directions.push([`${address0} ${port0}`, `${address1} ${port1}`, textOf(first)]);
    directions.push([`${address1} ${port1}`, `${address0} ${port0}`, textOf(second)]);
  }
  return directions.sort();
}

function textOf(hex: string): string {
  return Buffer.from(hex, "hex").toString("latin1").replace(MISSING, "[$1]");
}

/** tshark tells gaps that touch each other as one, and does not tell what is missing after the last byte that it has. */
function asFollowed([from, to, bytes]: Direction): Direction {
  const joined = bytes.replace(/(?:\[\d+\]){2,}/g, (gaps) => `[${sum(gaps.match(/\d+/g) ?? [])}]`);
  return [from, to, joined.replace(/\[\d+\]$/, "")];
}

function sum(numbers: readonly string[]): number {
  return numbers.reduce((total, number) => total + Number(number), 0);
}

const shipped = readdirSync(capturePath("")).filter((name) => /\.pcap(ng)?$/.test(name));

/** tshark ends with an error where the file is cut. */
const CUT_FILES = new Set(["truncated-file.pcap"]);

/** tshark leaves out what the snap length cut off, where the acknowledgment does not tell that it was received. */
const SHORT_RECORDS = new Set(["truncated-snaplen.pcap"]);

describe.skipIf(!hasTool("tshark"))("TCP streams, against tshark", () => {
  const whole = shipped.filter((name) => !CUT_FILES.has(name) && !SHORT_RECORDS.has(name));

  test.each(whole)("%s: the same bytes in each direction of each connection", async (name) => {
    const ours = await ourStreams(name);
    expect(ours.map(asFollowed)).toEqual(tsharkStreams(name, ours.length + OTHER_STREAMS));
  });

  test.each([...SHORT_RECORDS])("%s: the same bytes once gaps are left out", async (name) => {
    const withoutGaps = (all: Direction[]): Direction[] =>
      all.map(([from, to, bytes]) => [from, to, bytes.replace(/\[\d+\]/g, "")]);
    const ours = await ourStreams(name);
    expect(withoutGaps(ours)).toEqual(withoutGaps(tsharkStreams(name, ours.length)));
  });
});
