/** One check from beginning to end: tests, the capture beside them, and the verdict. */
import type { CheckReport, CheckTest } from "../report/check-report.ts";
import { NO_PACKET_LINES, type PacketLines } from "../report/packet-line.ts";
import type { PacketRef, Report } from "../report/report.ts";
import { VERSION } from "../version.ts";
import { CHECK_TESTS } from "./all.ts";
import { type Captured, type CheckCapturing, startCapture } from "./capture.ts";
import type { CheckContext, DoneTests } from "./check-test.ts";
import { inOrder, runTests, type TestListener } from "./run-tests.ts";
import { judgeCheck } from "./verdict.ts";
import { attemptsOf, flowsOf, withWireTimes } from "./wire.ts";

/** Packets of one connection that its test names: a request and its answer have fewer. */
const MAX_FLOW_PACKETS = 200;

/** What a check is started with. */
export interface CheckOptions extends CheckContext {
  /** Captures beside the tests, where that is permitted. */
  capture: boolean;
  /** Where the packets are kept; null for nowhere. */
  write: string | null;
  listener: TestListener;
}

/** A check's result, and what quotes its packets. */
export interface CheckOutcome {
  report: CheckReport;
  packetLines: PacketLines;
  /** Why the packets were not kept; null when they were, or nobody asked. */
  recordingProblem: string | null;
  close(): void;
}

/** Carries it out. `onCapture` is handed the capture as soon as it runs, for whoever may have to end it early. */
export async function check(
  options: CheckOptions,
  onCapture: (capture: CheckCapturing) => void,
): Promise<CheckOutcome> {
  const startedAt = new Date().toISOString();
  const startedMs = performance.now();
  const witness = new Witness(options, onCapture);
  const done = await runTests(CHECK_TESTS, options, (sofar) => witness.ready(sofar), options.listener);
  const recordingProblem = witness.recordingProblem;
  const captured = await witness.finish();
  const report = captured?.report ?? null;
  const tests = inOrder(CHECK_TESTS, done).map((test) => withPackets(test, done, captured));
  const judgement = judgeCheck({ address: options.address, done, report, uid: options.host.uid });
  return {
    report: {
      schemaVersion: 1,
      tool: { name: "vipscope", version: VERSION },
      startedAt,
      durationMs: performance.now() - startedMs,
      address: options.address,
      ...judgement,
      tests,
      capture: report === null ? null : { backend: witness.backend, packets: report.capture.packets },
      captureMissing: witness.missing,
      report,
    },
    packetLines: captured?.packetLines ?? NO_PACKET_LINES,
    recordingProblem,
    close: () => captured?.close(),
  };
}

/** The capture beside the tests: begun when the first test is about to send, and at most once. */
class Witness {
  missing: string | null;
  private readonly options: CheckOptions;
  private readonly onCapture: (capture: CheckCapturing) => void;
  private capture: CheckCapturing | null = null;
  private starting: Promise<void> | null = null;

  constructor(options: CheckOptions, onCapture: (capture: CheckCapturing) => void) {
    this.options = options;
    this.onCapture = onCapture;
    this.missing = options.capture ? "Nothing was sent, so there was nothing to capture." : null;
  }

  get backend(): string {
    return this.capture?.backend ?? "";
  }

  get recordingProblem(): string | null {
    if (this.options.write === null) return null;
    return this.capture === null ? this.missing : this.capture.recordingProblem();
  }

  ready(done: Readonly<DoneTests>): Promise<void> {
    if (!this.options.capture) return Promise.resolve();
    this.starting ??= this.start(done);
    return this.starting;
  }

  async finish(): Promise<Captured | null> {
    return this.capture === null ? null : this.capture.finish();
  }

  private async start(done: Readonly<DoneTests>): Promise<void> {
    const { address, host, write } = this.options;
    const started = await startCapture(address, host, done, write);
    this.missing = "missing" in started ? started.missing : null;
    if ("missing" in started) return;
    this.capture = started;
    this.onCapture(started);
  }
}

function withPackets(test: CheckTest, done: Readonly<DoneTests>, captured: Captured | null): CheckTest {
  if (captured === null) return test;
  const flows =
    test.id === "hops" ? tracedFlows(captured.report, done) : flowsOf(captured.report, attemptsOf(test.id, done));
  const packets = flows.flatMap((flow) => [...captured.packetLines.ofFlow(flow.id, MAX_FLOW_PACKETS)]).sort(byPlace);
  if (test.id === "tcp-80") return withWireTimes({ ...test, packets }, flows);
  if (test.id === "tcp-32526") return withWireTimes({ ...test, packets }, flows);
  return { ...test, packets };
}

/** traceroute's own connections: no test has their ports, and it never completes one. */
function tracedFlows(report: Report, done: Readonly<DoneTests>): Report["flows"] {
  const { method = null, port = null } = done.hops?.details ?? {};
  if (method !== "traceroute") return [];
  const others = flowsOf(report, [
    ...attemptsOf("tcp-80", done),
    ...attemptsOf("tcp-32526", done),
    ...attemptsOf("secondary-nics", done),
  ]);
  return report.flows.filter((flow) => {
    const isHalf = flow.tcp?.outcome === "half-open" || flow.tcp?.outcome === "unanswered";
    return flow.platform.port === port && isHalf && !others.some((one) => one.id === flow.id);
  });
}

function byPlace(a: PacketRef, b: PacketRef): number {
  return a.source - b.source || a.frame - b.frame;
}
