/**
 * Keeps one NIC captured: starts its child, notices when the child ends, hangs or was stopped and when the interface goes down, away or
 * comes back, notes each gap with its reason, and tries again.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Backend, HANDING_OVER_MS } from "./backends.ts";
import type { CaptureChild, ChildStarter } from "./child.ts";
import { droppedIn } from "./dropped.ts";
import type { LiveSources, NicSource } from "./live-sources.ts";
import { PacketTally } from "./packet-tally.ts";

/** Why a NIC is not captured. */
export type LossReason = "interface-down" | "interface-gone" | "backend-died" | "backend-stalled";

/** What happens to a NIC's capture. */
export interface NicListener {
  watching(nic: NicCapture): void;
  lost(nic: NicCapture, reason: LossReason): void;
  back(nic: NicCapture, reason: LossReason): void;
  warned(code: string, message: string): void;
}

/** First and longest wait before a child that died is started again, in milliseconds, and how long it must live to begin anew. */
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5000;
const LONG_LIFE_MS = 10_000;
/** A stopped child is told to go on; when it still stands after this many milliseconds it is killed. */
const CONTINUE_MS = 700;
/** How often a child that can be asked is asked for its drop counts, in milliseconds. */
const ASK_DROPS_MS = 1000;
/** A replaced child has this long to hand over what it holds, in milliseconds. */
const STOP_MS = 2000;

/** How an interface is doing. */
export interface InterfaceState {
  /** Kernel's number; null when there is none. */
  index: number | null;
  present: boolean;
  up: boolean;
}

/** Reads the state of an interface. */
export type StateOf = (name: string) => InterfaceState;

/** What all NICs of a session share. */
export interface CaptureContext {
  readonly sources: LiveSources;
  readonly starter: ChildStarter;
  readonly listener: NicListener;
  readonly stateOf: StateOf;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One started child. */
interface Running {
  child: CaptureChild;
  startedMs: number;
  index: number | null;
  /** Its end is wanted. */
  replaced: boolean;
  /** Its header came: it captures. */
  captures: boolean;
  /** It can be asked for its drop counts: before it listens, the signal would end it. */
  listens: boolean;
  /** As much of it waits for the analyser as may: it is held up. */
  full: boolean;
  dropped: number | null;
}

export class NicCapture {
  readonly name: string;
  readonly source: NicSource;
  state: "starting" | "watching" | "lost" = "starting";
  reason: LossReason | null = null;
  /** The latest words of a child that ended by itself; null when none did. */
  lastWords: string | null = null;
  /** How the first child ended when it never captured. */
  lastCode: number | null = null;
  readonly #context: CaptureContext;
  readonly #backend: Backend;
  #filter: string;
  #running: Running | null = null;
  #starting = false;
  #stopped = false;
  #retryMs = FIRST_RETRY_MS;
  #nextStartMs = 0;
  #stoppedSinceMs: number | null = null;
  #lastSoundMs: number;
  #askedMs = 0;
  /** Drops of children that ended; null as soon as one of them could not tell. */
  #droppedEnded: number | null = 0;

  constructor(source: NicSource, backend: Backend, filter: string, context: CaptureContext) {
    this.name = source.facts.name;
    this.source = source;
    this.#backend = backend;
    this.#filter = filter;
    this.#context = context;
    this.#lastSoundMs = context.now();
  }

  get pid(): number | null {
    return this.#running?.child.pid ?? null;
  }

  /** Looks after the child and the interface; called several times a second. */
  tick(): void {
    if (this.#stopped) return;
    const nowMs = this.#context.now();
    const state = this.#context.stateOf(this.name);
    const running = this.#running;
    if (running === null) {
      if (!state.present) this.#lose("interface-gone");
      else if (!state.up) this.#lose("interface-down");
      else if (!this.#starting && nowMs >= this.#nextStartMs) void this.#start();
      return;
    }
    if (!state.present || (running.index !== null && state.index !== running.index)) {
      this.#lose("interface-gone");
      running.child.signal("SIGKILL");
    } else if (!state.up) this.#lose("interface-down");
    else this.#lookAfter(running, nowMs);
  }

  /** Captures with another filter from now on; what both captures see counts once. */
  async replaceFilter(filter: string): Promise<void> {
    this.#filter = filter;
    const old = this.#running;
    if (old === null) return;
    old.replaced = true;
    this.source.overlap = new PacketTally();
    await this.#start();
    setTimeout(() => {
      old.child.stop();
      killLater(old.child);
    }, HANDOVER_MS).unref();
  }

  /** Ends the capture; what the kernel and the child hold still comes. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const running = this.#running;
    if (running === null) return;
    running.replaced = true;
    await sleep(HANDING_OVER_MS[this.#backend.name]);
    running.child.stop();
    killLater(running.child);
    await running.child.ended;
  }

  async #start(): Promise<void> {
    this.#starting = true;
    const { sources, starter, now, stateOf } = this.#context;
    const { index } = stateOf(this.name);
    const request = { backend: this.#backend, interface: this.name, filter: this.#filter };
    let child: CaptureChild;
    try {
      child = await starter.start(request);
    } catch (error) {
      this.#starting = false;
      this.#notStarted(error);
      return;
    }
    const startedMs = now();
    const dropped = this.#tellsNoDrops;
    const running: Running = {
      ...{ child, startedMs, index, dropped },
      ...{ replaced: false, captures: false, listens: false, full: false },
    };
    this.#running = running;
    this.#starting = false;
    this.#askedMs = now();
    child.onMessage = (line) => this.#heard(running, line);
    child.onHeld = (isFull, atMs) => this.#held(running, isFull, atMs);
    // The header is the first that a child writes, when it captures.
    child.stream.once("readable", () => {
      if (child.stream.readableLength === 0) return;
      running.captures = true;
      if (this.#running === running) this.#watching();
    });
    sources.attach(this.source, child.stream, () => {});
    void child.ended.then(({ code }) => this.#ended(running, code));
    if (this.#stopped) void this.stop();
  }

  get #tellsNoDrops(): number | null {
    return this.#backend.name === "tcpdump" ? 0 : null;
  }

  #watching(atMs: number = this.#context.now()): void {
    const { listener } = this.#context;
    const before = this.reason;
    const wasStarting = this.state === "starting";
    this.state = "watching";
    this.reason = null;
    this.#lastSoundMs = atMs;
    this.source.closeGap(instantOf(atMs));
    if (wasStarting) listener.watching(this);
    else if (before !== null) listener.back(this, before);
  }

  #lose(reason: LossReason, sinceMs: number = this.#context.now()): void {
    if (this.state === "lost") {
      if (this.reason === "backend-died" && reason !== "backend-died") {
        this.reason = reason;
        this.source.openGap(instantOf(sinceMs), reason);
      }
      return;
    }
    const wasStarting = this.state === "starting";
    this.state = "lost";
    this.reason = reason;
    this.source.openGap(instantOf(sinceMs), reason);
    if (!wasStarting || reason !== "backend-died") this.#context.listener.lost(this, reason);
  }

  /** The analyser is too slow, or goes on: what the kernel could not keep in between is lost. */
  #held(running: Running, isFull: boolean, atMs: number): void {
    running.full = isFull;
    if (this.#running !== running || this.#stopped) return;
    if (isFull) this.#lose("backend-stalled", atMs);
    else if (this.state === "lost" && this.reason === "backend-stalled") this.#watching(atMs);
  }

  /** Nothing can start a child now; it is tried again. */
  #notStarted(error: unknown): void {
    this.lastWords = error instanceof Error ? error.message : String(error);
    this.#lose("backend-died");
    this.#retryLater();
  }

  #retryLater(livedMs: number = 0): void {
    this.#retryMs = livedMs > LONG_LIFE_MS ? FIRST_RETRY_MS : Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    this.#nextStartMs = this.#context.now() + this.#retryMs;
  }

  #ended(running: Running, code: number | null): void {
    this.#droppedEnded =
      this.#droppedEnded === null || running.dropped === null ? null : this.#droppedEnded + running.dropped;
    const isCurrent = this.#running === running;
    if (isCurrent) this.#running = null;
    this.#tellDrops();
    if (!isCurrent || this.#stopped) return;
    this.lastWords = tellingLine(running.child.messages);
    this.lastCode = code;
    const state = this.#context.stateOf(this.name);
    this.#lose(!state.present ? "interface-gone" : state.up ? "backend-died" : "interface-down");
    this.#retryLater(this.#context.now() - running.startedMs);
  }

  #lookAfter(running: Running, nowMs: number): void {
    const { child } = running;
    if (child.pid !== null && isStopped(child.pid)) {
      if (this.#stoppedSinceMs === null) {
        this.#stoppedSinceMs = nowMs;
        this.#lose("backend-stalled", this.#lastSoundMs);
        child.signal("SIGCONT");
      } else if (nowMs - this.#stoppedSinceMs > CONTINUE_MS) child.signal("SIGKILL");
      return;
    }
    this.#stoppedSinceMs = null;
    this.#lastSoundMs = nowMs;
    if (
      running.captures &&
      !running.full &&
      this.state === "lost" &&
      (this.reason === "interface-down" || this.reason === "backend-stalled")
    ) {
      this.#watching();
    }
    if (running.listens && nowMs - this.#askedMs >= ASK_DROPS_MS) {
      this.#askedMs = nowMs;
      child.signal("SIGUSR1");
    }
  }

  #heard(running: Running, line: string): void {
    if (this.#backend.name === "tcpdump" && line.includes("listening on")) running.listens = true;
    const dropped = droppedIn(line);
    if (dropped === null) return;
    running.dropped = dropped;
    this.#tellDrops();
  }

  #tellDrops(): void {
    const current = this.#running === null ? 0 : this.#running.dropped;
    this.source.setDropped(this.#droppedEnded === null || current === null ? null : this.#droppedEnded + current);
  }
}

/** The new capture runs this long beside the old one, in milliseconds, so that nothing is missed between them. */
const HANDOVER_MS = 300;

/** The state of an interface as Linux shows it below `root`; elsewhere every interface counts as up. */
export function linuxStateOf(root: string = "/"): StateOf {
  return (name) => {
    const folder = join(root, "sys/class/net");
    const flags = Number.parseInt(readText(join(folder, name, "flags")) ?? "", 16);
    const index = Number.parseInt(readText(join(folder, name, "ifindex")) ?? "", 10);
    if (Number.isNaN(flags)) return { index: null, present: readText(join(folder, "lo/flags")) === null, up: true };
    return { index: Number.isNaN(index) ? null : index, present: true, up: (flags & 1) !== 0 };
  };
}

function killLater(child: CaptureChild): void {
  const timer = setTimeout(() => child.signal("SIGKILL"), STOP_MS);
  timer.unref();
  void child.ended.then(() => clearTimeout(timer));
}

/** The process state is the field after the name in parentheses (proc(5)). */
function isStopped(pid: number): boolean {
  const text = readText(`/proc/${pid}/stat`);
  const state = text?.slice(text.lastIndexOf(")") + 2, text.lastIndexOf(")") + 3);
  return state === "T" || state === "t";
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return null;
  }
}

/** Of a program's last words: dumpcap explains at length what to do about a missing permission, and what it is stands before that. */
function tellingLine(messages: readonly string[]): string | null {
  return messages.find((line) => /permission/i.test(line)) ?? messages.at(-1) ?? null;
}
