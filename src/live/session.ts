/** A live session: NICs that are captured, the analysis that reads them, and what is told of both while it goes on. */
import { Analysis } from "../analyzer.ts";
import { reasonOf } from "../capture/file-fault.ts";
import { InputError } from "../capture/input-error.ts";
import type { Backend } from "../capture/live/backends.ts";
import { permissionHint } from "../capture/live/backends.ts";
import { type HostInterface, watchedByDefault } from "../capture/live/interfaces.ts";
import { kernelFilter } from "../capture/live/kernel-filter.ts";
import { LiveSources } from "../capture/live/live-sources.ts";
import { type LossReason, NicCapture, type NicListener } from "../capture/live/nic-capture.ts";
import { Recording, type RecordingOptions } from "../capture/live/recording.ts";
import { LIVE_AGE_MS, MAX_SESSION_WARNINGS } from "../limits.ts";
import type { PacketLines } from "../report/packet-line.ts";
import type { ReportView } from "../report/report-view.ts";
import type { EndReason, LiveSession, NicStatus, SessionStatus, SessionWarning } from "../report/session-view.ts";
import { VERSION } from "../version.ts";
import { AnomalyHistory } from "./anomaly-history.ts";
import { Rate } from "./rate.ts";
import type { SessionOptions } from "./session-options.ts";

/** How often the children and the interfaces are looked after, in milliseconds, and how often new NICs are looked for. */
const TICK_MS = 200;
const NIC_LOOK_MS = 1000;
/** How often what is old is let go, in milliseconds. */
const LET_GO_MS = 30_000;
/** A turn of the event loop that comes this late, in milliseconds, held up the captures. */
const STALL_MS = 1000;
/** A first child that says nothing for this long is taken for one that captures nothing. */
const START_MS = 5000;
const START_LOOK_MS = 20;
/** When one NIC is captured, the others have this long to be captured too before the session counts as started, in milliseconds. */
const OTHERS_MS = 1000;
const NO_PERMISSION = /permi(t|ss)|Operation not|EPERM|EACCES|root/i;
/** `cap-child.ts` ends so when `cap` does not load. */
const EXIT_CANNOT_LOAD = 4;

/** What happens to the session besides packets, for whoever tells events. */
export interface SessionListener {
  lost(name: string, reason: string): void;
  back(name: string, reason: string): void;
  warned(warning: SessionWarning): void;
}

/** One session; started once. */
export class Session implements LiveSession, NicListener {
  readonly ended: Promise<EndReason>;
  revision = 0;
  listener: SessionListener = { lost: () => {}, back: () => {}, warned: () => {} };
  readonly analysis: Analysis;
  readonly history: AnomalyHistory = new AnomalyHistory();
  readonly #options: SessionOptions;
  #sources: LiveSources | null = null;
  #nics: NicCapture[] = [];
  #hostInterfaces: HostInterface[] = [];
  #backend: Backend;
  #filter = "";
  #knownAddresses: readonly string[] = [];
  #state: SessionStatus["state"] = "starting";
  #endReason: EndReason | null = null;
  #resolveEnded: (reason: EndReason) => void = () => {};
  #startedMs = 0;
  #endedMs: number | null = null;
  readonly #warnings: SessionWarning[] = [];
  #recording: Recording | null = null;
  #timer: NodeJS.Timeout | null = null;
  #durationTimer: NodeJS.Timeout | null = null;
  #lastTickMs = 0;
  #lookedMs = 0;
  #letGoMs = 0;
  #report: ReportView | null = null;
  #reportRevision = -1;
  #onStarted: () => void = () => {};
  readonly #packetRate = new Rate();
  readonly #platformRate = new Rate();
  readonly #nicRates = new Map<NicCapture, Rate>();

  constructor(options: SessionOptions) {
    this.#options = options;
    const [first] = options.backends;
    if (first === undefined) throw new Error("a session needs a backend");
    this.#backend = first;
    this.analysis = new Analysis({ ...options.analysis, live: true });
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  async start(): Promise<void> {
    const { host, durationMs, recording } = this.#options;
    this.#startedMs = host.now();
    this.#letGoMs = this.#startedMs;
    this.#hostInterfaces = host.interfaces();
    const names = this.#chosenNames();
    this.#knownAddresses = this.analysis.platformAddresses;
    this.#filter = kernelFilter(this.#knownAddresses, this.#options.filter);
    const sources = await this.#openAnalysis();
    await this.#startNics(sources, names);
    this.#state = "watching";
    this.#lastTickMs = host.now();
    if (recording !== null) this.#record(recording);
    this.#timer = setInterval(() => this.tick(), TICK_MS);
    if (durationMs !== null) this.#durationTimer = setTimeout(() => void this.stop("duration"), durationMs);
    void this.#read();
  }

  async stop(reason: EndReason = "interrupt"): Promise<void> {
    if (this.#endReason === null) {
      this.#endReason = reason;
      if (this.#timer !== null) clearInterval(this.#timer);
      if (this.#durationTimer !== null) clearTimeout(this.#durationTimer);
      await Promise.all(this.#nics.map((nic) => nic.stop()));
      this.#sources?.end();
    }
    await this.ended;
  }

  status(): SessionStatus {
    const { now } = this.#options.host;
    const nics = this.#nics.map((nic) => this.#nicStatus(nic));
    const dropped = nics.map((nic) => nic.droppedPackets);
    return {
      state: this.#state,
      endReason: this.#state === "ended" ? this.#endReason : null,
      backend: this.#backend.name,
      clock: this.#backend.clock,
      filter: this.#filter,
      startedAt: new Date(this.#startedMs).toISOString(),
      elapsedMs: (this.#endedMs ?? now()) - this.#startedMs,
      nics,
      packets: this.#packets,
      platformPackets: this.analysis.platformPackets,
      droppedPackets: dropped.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0),
      packetsPerSecond: this.#packetRate.perSecond,
      platformPacketsPerSecond: this.#platformRate.perSecond,
      recording: this.#recordingStatus(),
      warnings: [...this.#warnings],
      letGo: this.analysis.letGoCounts,
    };
  }

  report(): ReportView {
    if (this.#report === null || this.#reportRevision !== this.revision) {
      this.#report = this.#makeReport();
      this.#reportRevision = this.revision;
    }
    return this.#report;
  }

  /** Time alone has passed: what was waited for may have run out of it. */
  touch(): void {
    if (this.#state !== "ended" && this.analysis.platformPackets > 0) this.revision += 1;
  }

  packetLines(): PacketLines {
    return this.analysis.packetLines();
  }

  startRecording(path: string): void {
    const usual = this.#options.recording;
    const none = { rotateBytes: null, rotateMs: null, keep: null, maxBytes: null };
    this.#record({ ...(usual ?? none), path, application: `vipscope ${VERSION}` });
  }

  stopRecording(): void {
    void this.#recording?.stop();
  }

  /** Begins the next file of the recording, as SIGHUP asks. */
  rotateRecording(): void {
    this.#recording?.rotate();
  }

  /** Lets go of what the analysis holds. After `ended`, when the report is no longer needed. */
  close(): void {
    this.analysis.close();
    this.#options.starter.close();
  }

  watching(): void {
    this.revision += 1;
    this.#onStarted();
  }

  lost(nic: NicCapture, reason: LossReason): void {
    this.revision += 1;
    this.listener.lost(nic.name, reason);
  }

  back(nic: NicCapture, reason: LossReason): void {
    this.revision += 1;
    this.listener.back(nic.name, reason);
  }

  warned(code: string, message: string): void {
    const warning = { at: new Date(this.#options.host.now()).toISOString(), code, message };
    this.#warnings.push(warning);
    if (this.#warnings.length > MAX_SESSION_WARNINGS) this.#warnings.shift();
    this.listener.warned(warning);
  }

  /** The interfaces that are watched, as the host describes them. */
  get watchedInterfaces(): readonly HostInterface[] {
    return this.#nics.flatMap((nic) => this.#hostInterfaces.find((one) => one.name === nic.name) ?? []);
  }

  get #packets(): number {
    return (this.#sources?.facts ?? []).reduce((sum, facts) => sum + facts.packets, 0);
  }

  #chosenNames(): string[] {
    const { interfaces } = this.#options;
    const there = this.#hostInterfaces.map((one) => one.name);
    const missing = interfaces.find((name) => !there.includes(name));
    if (missing !== undefined) {
      throw new InputError("no-interface", `there is no interface "${missing}"`, `there are: ${there.join(", ")}`);
    }
    const names =
      interfaces.length > 0 ? [...new Set(interfaces)] : watchedByDefault(this.#hostInterfaces).map((one) => one.name);
    if (names.length > 0) return names;
    throw new InputError("no-interface", "no network interface is up", "vipscope interfaces lists what there is");
  }

  async #openAnalysis(): Promise<LiveSources> {
    let opened: LiveSources | null = null;
    await this.analysis.open(async (options) => {
      const sources = new LiveSources(options);
      sources.onRecord = (index, record) => this.#recording?.add(index, record, options.base.seconds ?? 0);
      opened = sources;
      return { facts: sources.facts, records: sources, live: sources.live };
    });
    if (opened === null) throw new Error("the analysis opened no sources");
    this.#sources = opened;
    return opened;
  }

  /** Starts a child for each NIC, with the first backend that can be used. Settles when one of them captures. */
  async #startNics(sources: LiveSources, names: readonly string[]): Promise<void> {
    let refusal: InputError | null = null;
    for (const backend of this.#options.backends) {
      this.#backend = backend;
      this.#nics = names.map((name) => this.#addNic(sources, name));
      if (await this.#captureBegins()) return;
      refusal ??= refusalOf(backend, this.#nics);
      await Promise.all(this.#nics.map((nic) => nic.stop()));
      sources.forgetAll();
    }
    throw refusal ?? new InputError("capture-failed", "nothing can be captured");
  }

  /** True when a NIC is captured, or when all that is missing is an interface that is down: it may come up. */
  async #captureBegins(): Promise<boolean> {
    const { now } = this.#options.host;
    const untilMs = now() + START_MS;
    let firstMs: number | null = null;
    while (now() < untilMs && this.#endReason === null) {
      for (const nic of this.#nics) nic.tick();
      if (this.#nics.some((nic) => nic.state === "watching")) {
        firstMs ??= now();
        if (now() - firstMs > OTHERS_MS || this.#nics.every((nic) => nic.state !== "starting")) return true;
      }
      if (this.#nics.every((nic) => nic.state === "lost"))
        return this.#nics.some((nic) => nic.reason !== "backend-died");
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, START_LOOK_MS);
        this.#onStarted = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return firstMs !== null;
  }

  #addNic(sources: LiveSources, name: string): NicCapture {
    const { starter, host } = this.#options;
    const { name: backend, clock } = this.#backend;
    const source = sources.add(name, { backend, clock, gaps: [] });
    return new NicCapture(source, this.#backend, this.#filter, {
      sources,
      starter,
      listener: this,
      stateOf: host.stateOf,
      now: host.now,
    });
  }

  async #read(): Promise<void> {
    try {
      await this.analysis.read(() => this.#afterRead());
    } catch (error) {
      this.warned("analysis-failed", error instanceof Error ? error.message : String(error));
      this.#endReason ??= "failure";
    }
    await this.#recording?.stop();
    this.analysis.observe(this.#options.host.now());
    this.#report = this.#withHistory(this.analysis.finish());
    this.revision += 1;
    this.#reportRevision = this.revision;
    this.#endedMs = this.#options.host.now();
    this.#state = "ended";
    this.#resolveEnded(this.#endReason ?? "failure");
  }

  #afterRead(): void {
    this.revision += 1;
    const { maxPackets } = this.#options;
    if (maxPackets !== null && this.#packets >= maxPackets && this.#endReason === null) void this.stop("packets");
    if (this.analysis.platformAddresses.length !== this.#knownAddresses.length) void this.#widen();
  }

  /** A lease named another platform address: the kernel must pass its packets too. */
  async #widen(): Promise<void> {
    this.#knownAddresses = this.analysis.platformAddresses;
    this.#filter = kernelFilter(this.#knownAddresses, this.#options.filter);
    try {
      await Promise.all(this.#nics.map((nic) => nic.replaceFilter(this.#filter)));
    } catch (error) {
      this.warned("filter-not-widened", `The capture filter could not be widened: ${reasonOf(error)}.`);
    }
  }

  /** Looks after the NICs and lets go of what is old; called several times a second while it watches. */
  tick(): void {
    const nowMs = this.#options.host.now();
    const lateMs = nowMs - this.#lastTickMs - TICK_MS;
    if (lateMs > STALL_MS) this.#noteStall(this.#lastTickMs, nowMs);
    this.#lastTickMs = nowMs;
    for (const nic of this.#nics) nic.tick();
    if (nowMs - this.#lookedMs >= NIC_LOOK_MS) this.#lookForNics(nowMs);
    if (nowMs - this.#letGoMs >= LET_GO_MS) this.#letGoOfOld(nowMs);
    this.#recording?.tick();
    this.#packetRate.note(nowMs, this.#packets);
    this.#platformRate.note(nowMs, this.analysis.platformPackets);
    for (const nic of this.#nics) this.#rateOf(nic).note(nowMs, nic.source.facts.packets);
  }

  /** What the history knows of anomalies is brought up to date before their evidence goes, and told afterwards what went. */
  #letGoOfOld(nowMs: number): void {
    this.#letGoMs = nowMs;
    this.report();
    if (!this.analysis.letGo(nowMs, LIVE_AGE_MS)) return;
    this.history.evidenceLeft();
    this.revision += 1;
    this.report();
  }

  /** The analyser itself was held up. What was captured waited meanwhile; a NIC whose capture had to wait too has a gap. */
  #noteStall(fromMs: number, toMs: number): void {
    const seconds = Math.round((toMs - fromMs) / 100) / 10;
    this.warned("analyser-stalled", `The analyser was held up for ${seconds} s; what was captured waited meanwhile.`);
  }

  #lookForNics(nowMs: number): void {
    this.#lookedMs = nowMs;
    const { host, interfaces } = this.#options;
    this.#hostInterfaces = host.interfaces();
    const sources = this.#sources;
    if (interfaces.length > 0 || sources === null) return;
    for (const { name } of watchedByDefault(this.#hostInterfaces)) {
      if (this.#nics.some((nic) => nic.name === name)) continue;
      const nic = this.#addNic(sources, name);
      this.#nics.push(nic);
      nic.tick();
      this.listener.back(name, "new");
    }
  }

  #makeReport(): ReportView {
    this.analysis.observe(this.#options.host.now());
    return this.#withHistory(this.analysis.snapshot());
  }

  #withHistory(view: ReportView): ReportView {
    this.history.note(view, this.analysis.heldSinceAt, this.#options.host.now());
    return this.history.complete(view);
  }

  #record(options: RecordingOptions): void {
    void this.#recording?.stop();
    this.#recording = null;
    try {
      this.#recording = new Recording(
        options,
        (source) => {
          const facts = this.#sources?.facts[source];
          const first = facts?.interfaces[0];
          return {
            ...{ name: facts?.name ?? "", linkType: first?.linkType ?? 1, snapLength: first?.snapLength ?? null },
            primaryNic: this.#options.analysis.primaryNic?.name ?? null,
          };
        },
        (message) => this.warned("recording-stopped", message),
        this.#options.host.now,
      );
    } catch (error) {
      this.warned("recording-failed", `Nothing is recorded: ${options.path}: ${reasonOf(error)}.`);
    }
  }

  #recordingStatus(): SessionStatus["recording"] {
    if (this.#recording === null) return null;
    const { path, bytes, packets, state, problem } = this.#recording;
    return { path, bytes, packets, state, problem };
  }

  #nicStatus(nic: NicCapture): NicStatus {
    const host = this.#hostInterfaces.find((one) => one.name === nic.name);
    const knowsPrimary = this.#hostInterfaces.some((one) => one.primary);
    return {
      name: nic.name,
      mac: host?.mac ?? null,
      addresses: host?.addresses ?? [],
      primary: knowsPrimary ? (host?.primary ?? false) : null,
      state: nic.state,
      reason: nic.reason,
      source: nic.source.index,
      packets: nic.source.facts.packets,
      droppedPackets: nic.source.facts.interfaces[0]?.droppedPackets ?? null,
      packetsPerSecond: this.#rateOf(nic).perSecond,
    };
  }

  #rateOf(nic: NicCapture): Rate {
    let rate = this.#nicRates.get(nic);
    if (rate === undefined) {
      rate = new Rate();
      this.#nicRates.set(nic, rate);
    }
    return rate;
  }
}

function refusalOf(backend: Backend, nics: readonly NicCapture[]): InputError {
  const nic = nics.find((one) => one.lastWords !== null) ?? nics[0];
  const words = nic?.lastWords ?? "its capture did not begin";
  if (nic?.lastCode !== EXIT_CANNOT_LOAD && NO_PERMISSION.test(words)) {
    return new InputError(
      "capture-not-permitted",
      `not permitted to capture with ${backend.name}: ${words}`,
      permissionHint(backend),
    );
  }
  const device = nic?.name ?? "any NIC";
  const message = `${backend.name} cannot capture on ${device}: ${words.replace(`cannot capture on ${device}: `, "")}`;
  const hint = /filter|syntax error/i.test(words)
    ? "--filter takes the language of pcap-filter(7), as tcpdump does"
    : null;
  return new InputError("capture-failed", message, hint);
}
