/** TCP connections that are opened and closed again, and how each ended. */
import { connect, type Socket } from "node:net";
import type { ConnectDetails, ConnectOutcome, ConnectTry } from "../report/check-report.ts";
import type { CheckContext, DoneTests, Outcome } from "./check-test.ts";
import { isNeighbourKnown } from "./ip-command.ts";
import { milliseconds } from "./texts.ts";

/** Connections that are tried: one alone may fail by chance. */
const TRIES = 3;
/** The next one begins when the one before is done, or after this time, in milliseconds. */
const NEXT_AFTER_MS = 200;

/** What the system's error codes mean to the program. */
const OUTCOMES: Readonly<Record<string, ConnectOutcome>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "refused",
  ETIMEDOUT: "unanswered",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EPERM: "not-permitted",
  EACCES: "not-permitted",
};

/** The meaning of a system's error code. */
export function outcomeOf(code: string): ConnectOutcome {
  return OUTCOMES[code] ?? "failed";
}

/** The system's code of an error, or its message. */
export function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : error.message;
}

/** Tries one connection, from `localAddress` when that is not null, and closes it at once when it was made. */
export function tryConnection(
  address: string,
  port: number,
  timeoutMs: number,
  localAddress: string | null = null,
): Promise<ConnectTry> {
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const socket = connect({ host: address, port, ...(localAddress === null ? {} : { localAddress }) });
    let place: Pick<ConnectTry, "localAddress" | "localPort"> = { localAddress, localPort: null };
    const look = setImmediate(() => {
      place = placeOf(socket, place);
    });
    const finish = (outcome: ConnectOutcome, connectMs: number | null, error: string | null): void => {
      clearImmediate(look);
      clearTimeout(timer);
      resolve({ ...placeOf(socket, place), outcome, connectMs, wireMs: null, error });
    };
    const giveUp = (): void => {
      if (!socket.connecting) return;
      finish("unanswered", null, "ETIMEDOUT");
      socket.destroy();
    };
    // On a machine too busy to look, the time may be over with the connection made: what is there is taken in first.
    const timer = setTimeout(() => setImmediate(giveUp), timeoutMs);
    socket.once("connect", () => {
      finish("connected", performance.now() - startedMs, null);
      socket.end();
      socket.resume();
      socket.setTimeout(timeoutMs, () => socket.destroy());
    });
    socket.on("error", (error) => finish(outcomeOf(codeOf(error)), null, codeOf(error)));
  });
}

/** Where a socket is bound; `before` when it cannot tell any more. */
function placeOf(
  socket: Socket,
  before: Pick<ConnectTry, "localAddress" | "localPort">,
): Pick<ConnectTry, "localAddress" | "localPort"> {
  const { localAddress, localPort } = socket;
  return localPort === undefined ? before : { localAddress: localAddress ?? before.localAddress, localPort };
}

/** The test of one TCP port of the platform. */
export async function testPort(
  { address, timeoutMs, host }: CheckContext,
  port: number,
  done: Readonly<DoneTests>,
): Promise<Outcome<ConnectDetails>> {
  const pending: Promise<ConnectTry>[] = [];
  for (let index = 0; index < TRIES; index++) {
    const one = tryConnection(address, port, timeoutMs);
    pending.push(one);
    await Promise.race([one, pause(NEXT_AFTER_MS)]);
  }
  const tries = await Promise.all(pending);
  const good = tries.filter((one) => one.outcome === "connected");
  const details: ConnectDetails = { port, tries, nextHop: null };
  if (good.length === tries.length) {
    const times = good.map((one) => milliseconds(one.connectMs ?? 0)).join(", ");
    return { result: "passed", summary: `${good.length} connections in ${times}.`, details };
  }
  if (good.length > 0) {
    const summary = `${good.length} of ${tries.length} connections; the others: ${wordsOf(tries)}.`;
    return { result: "warning", summary, details };
  }
  const { gateway, interface: nic } = done.route?.details ?? { gateway: null, interface: null };
  if (nic !== null) {
    const known = await isNeighbourKnown(host.run, gateway ?? address, nic);
    if (known !== null) details.nextHop = known ? "reachable" : "unreachable";
  }
  return { result: "failed", summary: `No connection: ${wordsOf(tries)}.`, details };
}

const OUTCOME_WORDS: Readonly<Record<ConnectOutcome, string>> = {
  connected: "connected",
  refused: "refused",
  unanswered: "no answer",
  unreachable: "unreachable",
  "not-permitted": "not permitted by the VM itself",
  failed: "failed",
};

/** "no answer", or "refused (ECONNREFUSED)": each way of failing once. */
function wordsOf(tries: readonly ConnectTry[]): string {
  const failed = tries.filter((one) => one.outcome !== "connected");
  const words = failed.map((one) => outcomeWords(one.outcome, one.error));
  return [...new Set(words)].join(", ");
}

/** An outcome for people, with the system's code where that tells more. */
export function outcomeWords(outcome: ConnectOutcome, error: string | null): string {
  const isPlain = error === null || outcome === "unanswered" || outcome === "connected";
  return isPlain ? OUTCOME_WORDS[outcome] : `${OUTCOME_WORDS[outcome]} (${error})`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
