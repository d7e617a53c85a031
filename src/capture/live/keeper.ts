/**
 * A small process between the capture children and the analyser. It keeps the privilege to capture while the analyser gives it up, and it
 * takes what children capture while the analyser is busy: it starts them on request and hands each one's standard output on through a
 * socket in a folder that only the privileged user may enter. It starts nothing else, and ends with the analyser.
 *
 * Argument: JSON of `KeeperSetup`. Messages come and go over Node's channel, one `KeeperRequest` or `KeeperNews` each.
 */
import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setPriority } from "node:os";
import { dirname } from "node:path";
import type { Backend } from "./backends.ts";
import { type CaptureChild, startChild } from "./child.ts";
import { holdAndForward } from "./hold.ts";

/** What the keeper is told while its starter is still privileged. */
export interface KeeperSetup {
  socketPath: string;
  backends: readonly Backend[];
}

/** Longest filter, in characters, and the form of an interface's name. */
const MAX_FILTER = 16_384;
const INTERFACE_NAME = /^[^-/\s\0][^/\s\0]{0,255}$/;

/**
 * The children's and its own priority, as nice(1) counts: what they do is little, and late they lose packets. Measured with two busy cores and
 * 100,000 packets a second: tcpdump lost 8 to 24 % with -10 and 0.2 to 3 % with -20, for in immediate mode the kernel holds 20 ms for it.
 */
const PRIORITY = -20;

main();

function main(): void {
  takePriority();
  const setup: KeeperSetup = JSON.parse(process.argv[2] ?? "{}");
  const children = new Map<number, CaptureChild>();
  process.on("message", (message) => {
    if (typeof message !== "object" || message === null) return;
    const { id, start, signal, stop } = requestOf(message);
    if (start !== null) startFor(setup, children, id, start);
    const child = children.get(id);
    if (signal !== null) child?.signal(signal);
    if (stop) child?.stop();
  });
  process.on("disconnect", () => {
    for (const child of children.values()) child.signal("SIGKILL");
    rmSync(dirname(setup.socketPath), { recursive: true, force: true });
  });
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => {});
}

/** Only root may; without it, captures are as prompt as everything else. */
function takePriority(): void {
  try {
    setPriority(PRIORITY);
  } catch {
    // Nothing depends on it.
  }
}

interface Request {
  id: number;
  start: { backend: Backend["name"]; interface: string; filter: string } | null;
  signal: "SIGKILL" | "SIGCONT" | "SIGUSR1" | null;
  stop: boolean;
}

/** What the message asks for; the analyser is no longer trusted with more than this. */
function requestOf(message: object): Request {
  const fields = new Map<string, unknown>(Object.entries(message));
  const id = fields.get("id");
  const backend = fields.get("backend");
  const name = fields.get("interface");
  const filter = fields.get("filter");
  const signal = fields.get("signal");
  const isKnown = backend === "cap" || backend === "tcpdump" || backend === "dumpcap";
  const isStart =
    isKnown &&
    typeof name === "string" &&
    INTERFACE_NAME.test(name) &&
    typeof filter === "string" &&
    filter.length <= MAX_FILTER;
  return {
    id: typeof id === "number" ? id : -1,
    start: isStart ? { backend, interface: name, filter } : null,
    signal: signal === "SIGKILL" || signal === "SIGCONT" || signal === "SIGUSR1" ? signal : null,
    stop: fields.get("stop") === true,
  };
}

function startFor(
  setup: KeeperSetup,
  children: Map<number, CaptureChild>,
  id: number,
  start: NonNullable<Request["start"]>,
): void {
  const backend = setup.backends.find((one) => one.name === start.backend);
  if (backend === undefined || children.has(id)) return;
  const socket: Socket = connect(setup.socketPath, () => {
    // The number says whose capture comes after it.
    socket.write(`${id}\n`, () => {
      const child = startChild({ backend, interface: start.interface, filter: start.filter });
      children.set(id, child);
      holdAndForward(child.stream, socket, (full) => process.send?.({ id, full, atMs: Date.now() }));
      child.onMessage = (line) => process.send?.({ id, line });
      process.send?.({ id, pid: child.pid });
      void child.ended.then(({ code, signal }) => {
        children.delete(id);
        if (process.connected) process.send?.({ id, ended: true, code, signal });
      });
    });
  });
  socket.on("error", () => {});
}
