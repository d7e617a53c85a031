import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import { CAPTURES } from "../support/captures.ts";
import { isReport, reportFaults } from "../support/schema.ts";
import { vipscope, vipscopePiped } from "../support/vipscope.ts";

const BOOT = "captures/healthy-boot.pcapng";
const REFUSED = "captures/wireserver-refused.pcap";
/** Codes of problems that end a source early. */
const STOPPING: readonly string[] = [
  "cut-header",
  "cut-record",
  "bad-record-length",
  "bad-block-length",
  "bad-section",
  "read-failed",
  "decompression-failed",
  "decompression-limit",
];
let directory = "";

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "vipscope-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function jsonOf(words: readonly string[], input?: Uint8Array): { report: Report; status: number | null } {
  const { status, stdout, stderr } = vipscope(["read", ...words, "--format", "json"], input);
  const report: unknown = JSON.parse(stdout);
  if (!isReport(report)) throw new Error(`${stderr}${reportFaults(report).join("\n")}`);
  return { report, status };
}

/** The same value at every call, made at the first. */
function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

describe.each(CAPTURES)("%s", (path) => {
  const run = once(() => jsonOf([path]));

  test("gives a valid report, and the exit status that follows from it", () => {
    const { report, status } = run();
    const isFaulty = report.capture.problems.some((problem) => STOPPING.includes(problem.code));
    const isWrong = report.anomalies.some((anomaly) => anomaly.severity !== "notice");
    expect(status).toBe(isFaulty ? 3 : isWrong ? 1 : 0);
  });

  test("names existing flows, anomalies, packets and sources, in order of time", () => {
    const { report } = run();
    const { flows, anomalies, capture } = report;
    const packets = [
      ...anomalies.flatMap((anomaly) => anomaly.packets),
      ...report.dns.transactions.flatMap((one) => one.packets),
      ...report.http.exchanges.flatMap((one) => one.packets),
      ...report.dhcp.exchanges.flatMap((one) => one.messages.map((message) => message.packet)),
    ];
    const wrong = packets.filter(({ source, frame }) => frame < 1 || frame > (capture.sources[source]?.packets ?? 0));
    expect(wrong).toEqual([]);
    const named = [
      ...anomalies.flatMap((anomaly) => anomaly.flows),
      ...report.dns.transactions.map((one) => one.flow),
      ...report.http.exchanges.map((one) => one.flow),
      ...report.probes.flatMap((one) => one.flows),
    ];
    expect(named.filter((flow) => flows[flow]?.id !== flow)).toEqual([]);
    const crossed = flows.flatMap((flow) =>
      flow.anomalies.filter((index) => !anomalies[index]?.flows.includes(flow.id)),
    );
    expect(crossed).toEqual([]);
    // Where the clock runs backwards, the order of packets is not that of time.
    if (anomalies.some((anomaly) => anomaly.rule === "capture-clock-jump")) return;
    for (const order of [
      flows.map((flow) => flow.startedAt),
      report.dns.transactions.map((one) => one.askedAt),
      report.http.exchanges.flatMap((one) => one.requestedAt ?? []),
    ]) {
      expect(order).toEqual([...order].sort());
    }
  });
});

describe("the text report", () => {
  test("fits 100 columns and has no colour on a pipe", () => {
    const { stdout } = vipscope(["read", BOOT]);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(stdout).not.toContain("\u001b");
  });

  test("has colour when it is asked for", () => {
    expect(vipscope(["read", REFUSED], undefined, { FORCE_COLOR: "1" }).stdout).toContain("\u001b[31m");
  });
});

describe("standard input", () => {
  test("gives the same report as the file, but for the name", () => {
    const file = jsonOf([BOOT]).report;
    const piped = jsonOf(["-"], readFileSync(BOOT)).report;
    for (const source of file.capture.sources) source.name = "-";
    expect(piped).toEqual(file);
  });

  test("may come one byte at a time", async () => {
    const bytes = readFileSync("captures/dhcp-acquire.pcap");
    const { stdout } = await vipscopePiped(["read", "-", "--format", "json"], bytesOf(bytes));
    expect(stdout).toBe(vipscope(["read", "-", "--format", "json"], bytes).stdout);
  });

  test("may be read only once", () => {
    expect(vipscope(["read", "-", "-"]).stderr).toBe("vipscope: Standard input (-) can be read only once\n");
  });
});

function* bytesOf(bytes: Uint8Array): Iterable<Uint8Array> {
  for (const byte of bytes) yield Uint8Array.of(byte);
}

describe("an input that cannot be analysed is one line and status 2", () => {
  test.each([
    ["a file that is not there", () => join(directory, "none.pcap"), "no such file"],
    ["an empty file", () => written("empty.pcap", ""), "is empty"],
    ["a text file", () => written("notes.txt", "no capture at all, only words\n".repeat(40)), "notes.txt"],
    ["a Network Monitor capture", () => written("old.cap", `GMBU${"\0".repeat(200)}`), "Network Monitor"],
    ["a directory without captures", () => mkdtempSync(join(directory, "nothing-")), "no capture"],
  ])("%s", (_what, path, message) => {
    const { status, stdout, stderr } = vipscope(["read", path()]);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr.split("\n").length).toBeLessThanOrEqual(3);
    expect(stderr).not.toContain("    at ");
  });

  function written(name: string, text: string): string {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  }
});

describe("a damaged input is analysed up to its fault", () => {
  test("a file that was cut tells where, gives all before it, and exits with 3", () => {
    const whole = readFileSync(REFUSED);
    const path = join(directory, "cut.pcap");
    writeFileSync(path, whole.subarray(0, whole.length - 7));
    const { report, status } = jsonOf([path]);
    const before = jsonOf([REFUSED]).report;
    expect(status).toBe(3);
    expect(report.capture.packets).toBe(before.capture.packets - 1);
    expect(report.capture.problems.map((problem) => problem.code)).toEqual(["cut-record"]);
  });

  test("what follows a corrupt record is given up, and what came before stands", () => {
    const bytes = Uint8Array.from(readFileSync(REFUSED));
    new DataView(bytes.buffer).setUint32(24 + 8, 0x7fffffff, true);
    const path = join(directory, "corrupt.pcap");
    writeFileSync(path, bytes);
    const { report, status } = jsonOf([path]);
    expect(status).toBe(3);
    expect(report.capture.packets).toBe(0);
    expect(report.capture.problems[0]?.offsetBytes).toBe(24);
  });
});

describe("a command line that cannot be carried out is one line and status 2", () => {
  test.each([
    [["raed"], "unknown command 'raed'", "Did you mean read?"],
    [["read"], "missing required argument 'capture'", ""],
    [["read", BOOT, "--format", "yaml"], "--format", "text, json"],
    [["read", BOOT, "--formt", "json"], "unknown option '--formt'", "Did you mean --format?"],
    [["read", BOOT, "--platform", "example.com"], '"example.com" is no IP address', ""],
    [["read", BOOT, "--only", "handshake-unansered"], 'there is no rule "handshake-unansered"', "handshake-unanswered"],
    [["read", BOOT, "--config", "none.json"], "none.json: no such file", ""],
    [["read", BOOT, "--output", "none/report.txt"], "cannot write none/report.txt: its directory does not exist", ""],
  ])("%j", (words, message, hint) => {
    const { status, stdout, stderr } = vipscope(words);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    const [first = "", second = ""] = stderr.split("\n");
    expect(first).toContain(message);
    expect(`${first}${second}`).toContain(hint);
  });
});

describe("options of read", () => {
  test("--output writes the same bytes as standard output would get", () => {
    const path = join(directory, "report.json");
    const { status, stdout } = vipscope(["read", BOOT, "--format", "json", "--output", path]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    expect(readFileSync(path, "utf8")).toBe(vipscope(["read", BOOT, "--format", "json"]).stdout);
  });

  test("--fail-on moves the status, not the report", () => {
    const usual = vipscope(["read", REFUSED]);
    const never = vipscope(["read", REFUSED, "--fail-on", "never"]);
    expect([usual.status, never.status]).toEqual([1, 0]);
    expect(never.stdout).toBe(usual.stdout);
  });

  test("--only and --ignore choose the rules", () => {
    expect(jsonOf([REFUSED, "--only", "handshake-unanswered"]).report.anomalies).toEqual([]);
    const rest = jsonOf([REFUSED, "--ignore", "handshake-refused"]).report.anomalies.map((anomaly) => anomaly.rule);
    expect(rest).toEqual(["secrets-in-capture"]);
  });

  test("--platform replaces the usual addresses", () => {
    const { report } = jsonOf([REFUSED, "--platform", "192.0.2.1"]);
    expect(report.platform.addresses).toEqual([{ address: "192.0.2.1", origin: "option" }]);
    expect(report.flows).toEqual([]);
  });

  test("several captures are one, by time, with frames of their own", () => {
    const { report } = jsonOf(["captures/wireserver-blocked.pcap", REFUSED]);
    expect(report.capture.sources.map((source) => source.name)).toEqual(["captures/wireserver-blocked.pcap", REFUSED]);
    expect(report.capture.packets).toBe(report.capture.sources.reduce((sum, source) => sum + source.packets, 0));
  });

  test("a reader of the output that goes away is no error", async () => {
    const { spawnSync } = await import("node:child_process");
    const command = `"${process.execPath}" bin/vipscope.js read ${BOOT} --format json | head -c 100 >/dev/null`;
    const { stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
    expect(stderr).toBe("");
  });
});

describe("the program", () => {
  test("tells its version", () => {
    expect(vipscope(["--version"]).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test("explains itself with examples", () => {
    const { status, stdout } = vipscope(["--help"]);
    expect(status).toBe(0);
    expect(stdout).toContain("vipscope read capture.pcapng");
  });

  test("without a command says what there is and exits with 2", () => {
    const { status, stdout, stderr } = vipscope([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("Usage: vipscope");
  });
});
