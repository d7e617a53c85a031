/** A live session in this process, whose packets come from the test and whose clock is the test's. */
import type { PassThrough } from "node:stream";
import type { Backend } from "../../src/capture/live/backends.ts";
import type { CaptureChild, ChildEnd, ChildStarter } from "../../src/capture/live/child.ts";
import { Session } from "../../src/live/session.ts";
import { RULES } from "../../src/rules/all.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";

const TCPDUMP: Backend = { name: "tcpdump", clock: "kernel", program: "tcpdump" };

/** A child that captures what is written to the stream, and ends with it. */
export function fedChild(stream: PassThrough, messages: readonly string[] = [], code = 0): CaptureChild {
  const ended = new Promise<ChildEnd>((resolve) => {
    stream.on("end", () => resolve({ code, signal: null }));
  });
  const stop = (): void => void stream.end();
  return { pid: null, stream, ended, messages, onMessage: () => {}, onHeld: () => {}, signal: stop, stop };
}

/** A session on one NIC, not started yet. */
export function fedSession(
  starter: ChildStarter,
  now: () => number,
  backends: readonly Backend[] = [TCPDUMP],
): Session {
  const eth0 = {
    ...{ name: "eth0", index: 2, mac: null, addresses: [], up: true, loopback: false, virtual: false },
    ...{ primary: true, primaryReason: null },
  };
  return new Session({
    analysis: { platformAddresses: [], primaryNic: null, rules: RULES, thresholds: DEFAULT_THRESHOLDS },
    backends,
    starter,
    host: { interfaces: () => [eth0], stateOf: () => ({ index: 2, present: true, up: true }), now },
    ...{ interfaces: [], filter: "", recording: null, durationMs: null, maxPackets: null },
  });
}
