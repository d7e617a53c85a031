/** The report of every shipped capture against what tshark says of the same packets. */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { redactTarget } from "../../src/report/redact.ts";
import type { HttpExchange, PacketRef, Report, TcpOutcome } from "../../src/report/report.ts";
import { analyzeFiles } from "../support/analyze.ts";
import { CAPTURES } from "../support/captures.ts";
import { DHCP_MESSAGE_TYPES } from "../support/dhcp-message-types.ts";
import { hasTool } from "../support/tools.ts";

const FIELDS = [
  "frame.number",
  "frame.time_epoch",
  "tcp.stream",
  "tcp.flags",
  "tcp.srcport",
  "tcp.dstport",
  "dns.id",
  "dns.qry.name",
  "dns.qry.type",
  "dns.flags.response",
  "dns.flags.rcode",
  "dns.time",
  "dns.retransmit_response",
  "dhcp.id",
  "dhcp.option.dhcp",
  "dhcp.option.dhcp_server_id",
  "dhcp.option.ip_address_lease_time",
  "dhcp.option.type",
  "dhcp.option.value",
  "http.request.method",
  "http.request.uri",
  "http.response.code",
  "icmp.type",
  "icmpv6.type",
] as const;
type Field = (typeof FIELDS)[number];
type Row = Readonly<Record<Field, readonly string[]>>;

/** What tshark says of the packets that the filter passes, each field as the list of its values. */
function tsharkRows(path: string, filter: string, httpPorts: readonly number[]): Row[] {
  const fields = FIELDS.flatMap((field) => ["-e", field]);
  const ports = httpPorts.flatMap((port) => ["-d", `tcp.port==${port},http`]);
  const form = ["-T", "fields", "-E", "separator=/t", "-E", "aggregator=\u001f", "-E", "occurrence=a"];
  // Of a capture that was cut tshark prints all whole records, and ends with a status that says so.
  const options = ["-n", "-2", "-o", "tcp.reassemble_out_of_order:TRUE", "-r", path, "-Y", filter];
  const { stdout } = spawnSync("tshark", [...options, ...ports, ...form, ...fields], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const values = line.split("\t").map((value) => (value === "" ? [] : value.split("\u001f")));
      const row = Object.fromEntries(FIELDS.map((field, index) => [field, values[index] ?? []]));
      return isRow(row) ? row : raise(`tshark gave another number of fields: ${line}`);
    });
}

function isRow(row: Record<string, readonly string[]>): row is Row {
  return FIELDS.every((field) => row[field] !== undefined);
}

function raise(message: string): never {
  throw new Error(message);
}

function frameOf(row: Row): number {
  return Number(row["frame.number"][0]);
}

/** Packets of the platform, as a display filter says it. tshark's ip.addr looks into what ICMP errors quote, too. */
function platformFilter(report: Report): string {
  const addresses = report.platform.addresses.map(({ address }) =>
    address.includes(":") ? `ipv6.addr == ${address}` : `ip.addr == ${address}`,
  );
  return [...addresses, "udp.port == 67", "udp.port == 68"].join(" || ");
}

/** Ports at which tshark must look for HTTP: the platform's, and those of its HTTP probes. */
function httpPorts(report: Report): number[] {
  return [80, 32526, ...report.probes.filter((series) => series.kind === "http").map((series) => series.vm.port)];
}

/** Frames that the report counts as copies of a packet seen on another interface, by way of their flows. */
function hasDuplicates(report: Report): boolean {
  return report.flows.some((flow) => flow.duplicatePackets > 0);
}

describe.runIf(hasTool("tshark")).each(CAPTURES)("%s", (path) => {
  const analysed = analyzeFiles([path]).then(({ report }) => ({
    report,
    rows: tsharkRows(path, platformFilter(report), httpPorts(report)),
  }));

  test("has as many platform packets as tshark's filter selects", async () => {
    const { report, rows } = await analysed;
    expect(report.capture.platformPackets).toBe(rows.length);
  });

  test("tells the handshakes that tshark's streams show", async () => {
    const { report, rows } = await analysed;
    if (hasDuplicates(report)) return;
    const told = report.flows.flatMap((flow) => (flow.tcp === null ? [] : [outcomeWord(flow.tcp.outcome)]));
    expect(told.sort()).toEqual(streamOutcomes(rows).sort());
  });

  test("has the DNS answers that tshark has, with name, type, code and time to the microsecond", async () => {
    const { report, rows } = await analysed;
    if (hasDuplicates(report)) return;
    const messages = rows.filter((row) => row["icmp.type"].length + row["icmpv6.type"].length === 0);
    const answers = messages.filter((row) => row["dns.flags.response"][0] === "1" && row["dns.qry.name"].length > 0);
    const told = new Map(report.dns.transactions.map((one) => [last(one.packets).frame, one]));
    for (const row of answers) {
      if (row["dns.retransmit_response"].length > 0) continue; // a second answer: the transaction has its first
      const one = told.get(frameOf(row)) ?? raise(`no transaction ends in frame ${frameOf(row)}`);
      // A retry may have another id than the first query, whose id the transaction has.
      if (one.retries === 0) expect(one.id).toBe(Number(row["dns.id"][0]));
      expect(one.name).toBe(row["dns.qry.name"][0] === "" ? "." : row["dns.qry.name"][0]);
      expect(one.rcode).toBe(RCODES[Number(row["dns.flags.rcode"][0])]);
      // tshark counts from the first query with the same id on the same ports, and so do we; a retry it may count from itself.
      const time = row["dns.time"][0];
      if (time !== undefined && one.retries === 0)
        expect(microseconds(one.responseMs)).toBe(Math.round(Number(time) * 1e6));
    }
    const asked = messages.filter((row) => row["dns.flags.response"][0] === "0");
    const queries = report.dns.transactions.reduce(
      (sum, one) => sum + one.packets.length - (one.rcode === null ? 0 : 1),
      0,
    );
    if (!isTruncated(report)) expect(queries).toBe(asked.length);
  });

  test("has the DHCP messages that tshark has, with server, lease and option 245", async () => {
    const { report, rows } = await analysed;
    if (hasDuplicates(report)) return;
    const messages = report.dhcp.exchanges.flatMap((one) => one.messages.map((message) => ({ ...message, one })));
    const seen = rows.filter((row) => row["dhcp.id"].length > 0);
    expect(messages.map(({ packet }) => packet.frame).sort(ascending)).toEqual(seen.map(frameOf));
    for (const row of seen) {
      const { one, type } = messages.find(({ packet }) => packet.frame === frameOf(row)) ?? raise("message");
      expect(Number(one.transactionId)).toBe(Number(row["dhcp.id"][0]));
      expect(type).toBe(DHCP_MESSAGE_TYPES[Number(row["dhcp.option.dhcp"][0] ?? 0)]);
      // Of two servers' ACKs the client has the first, and so has the exchange.
      if (type !== "ACK" || one.messages.find((message) => message.type === "ACK")?.packet.frame !== frameOf(row))
        continue;
      expect(one.serverIdentifier).toBe(row["dhcp.option.dhcp_server_id"][0] ?? null);
      expect(one.leaseSeconds).toBe(numberOrNull(row["dhcp.option.ip_address_lease_time"][0]));
      expect(one.platformAddress).toBe(option245(row));
    }
  });

  test("has the HTTP requests and statuses that tshark has", async () => {
    const { report, rows } = await analysed;
    if (hasDuplicates(report)) return;
    const requests = rows.flatMap((row) =>
      row["http.request.method"].map(
        (method, index) => `${method} ${redactTarget(row["http.request.uri"][index] ?? "")}`,
      ),
    );
    const statuses = rows.flatMap((row) => row["http.response.code"].map(Number));
    const { exchanges } = report.http;
    // tshark tells a message when its body is whole, without a hole, or was cut; we tell it when its head is.
    const isIntact = ({ flow }: HttpExchange): boolean => {
      const lost = report.flows[flow]?.tcp?.lostSegments;
      return lost !== undefined && lost.toPlatform + lost.fromPlatform === 0;
    };
    const intact = exchanges.filter(isIntact);
    const asked = exchanges.flatMap((one) => (one.method === null ? [] : `${one.method} ${one.target}`));
    const askedWhole = intact.flatMap((one) => (one.requestBytes === null ? [] : `${one.method} ${one.target}`));
    expect(without(requests, asked)).toEqual([]);
    expect(without(askedWhole, requests)).toEqual([]);
    const answered = exchanges.flatMap((one) => one.status ?? []);
    const answeredWhole = intact.flatMap((one) => (one.responseBytes === null ? [] : (one.status ?? [])));
    expect(without(statuses, answered)).toEqual([]);
    expect(without(answeredWhole, statuses)).toEqual([]);
  });
});

const SYN = 2;
const RST = 4;
const ACK = 16;

/** One word for each of tshark's TCP streams, from the flags of its packets. An ICMP error that quotes a stream is none of them. */
function streamOutcomes(rows: readonly Row[]): string[] {
  const streams = new Map<string, Row[]>();
  for (const row of rows) {
    const [stream, second] = row["tcp.stream"];
    if (stream === undefined || second !== undefined || row["tcp.flags"].length !== 1) continue;
    streams.set(stream, [...(streams.get(stream) ?? []), row]);
  }
  return [...streams.values()].map(streamOutcome);
}

function streamOutcome(rows: readonly Row[]): string {
  const flags = (row: Row): number => Number(row["tcp.flags"][0]);
  const isFrom = (row: Row, port: string | undefined): boolean => row["tcp.srcport"][0] === port;
  const syn = rows.find((row) => (flags(row) & (SYN | ACK)) === SYN);
  if (syn === undefined) return "mid-stream";
  const client = syn["tcp.srcport"][0];
  const isPlainAck = (row: Row): boolean => (flags(row) & (SYN | RST | ACK)) === ACK;
  if (rows.some((row) => isFrom(row, client) && isPlainAck(row))) return "established";
  if (rows.some((row) => (flags(row) & (SYN | ACK)) === (SYN | ACK))) return "half-open";
  return rows.some((row) => !isFrom(row, client) && (flags(row) & RST) !== 0) ? "refused" : "silent";
}

/** tshark's streams do not know of ICMP errors: without an answer of TCP they are silent. */
function outcomeWord(outcome: TcpOutcome): string {
  return outcome === "unanswered" || outcome === "rejected" ? "silent" : outcome;
}

const RCODES: Readonly<Record<number, string>> = {
  0: "NOERROR",
  1: "FORMERR",
  2: "SERVFAIL",
  3: "NXDOMAIN",
  4: "NOTIMP",
  5: "REFUSED",
};

function isTruncated(report: Report): boolean {
  return report.capture.sources.some((source) => source.truncatedPackets > 0);
}

function microseconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 1000);
}

function numberOrNull(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}

/** Types and values stand in two lists; padding and the end, which have no value, come last. */
function option245(row: Row): string | null {
  const value = row["dhcp.option.value"][row["dhcp.option.type"].indexOf("245")];
  if (value === undefined || value.length !== 8) return null;
  return (value.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join(".");
}

function last(packets: readonly PacketRef[]): PacketRef {
  return packets.at(-1) ?? raise("a transaction has packets");
}

/** What is left of `values` when each of `others` has taken out one that is equal. */
function without<Value>(values: readonly Value[], others: readonly Value[]): Value[] {
  const left = [...values];
  for (const other of others) if (left.includes(other)) left.splice(left.indexOf(other), 1);
  return left;
}

function ascending(a: number, b: number): number {
  return a - b;
}
