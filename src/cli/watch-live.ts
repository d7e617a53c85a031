/** Carries `vipscope live` out: starts the session, tells what happens, and writes the final report. */
import { createWriteStream } from "node:fs";
import { reasonOf } from "../capture/file-fault.ts";
import { type BackendChoice, findBackends } from "../capture/live/backends.ts";
import { type HostInterface, hostInterfaces } from "../capture/live/interfaces.ts";
import { KeeperStarter } from "../capture/live/keeper-starter.ts";
import { linuxStateOf } from "../capture/live/nic-capture.ts";
import { becomeUser, invokingUser } from "../capture/live/privileges.ts";
import type { RecordingOptions } from "../capture/live/recording.ts";
import { EventTeller } from "../live/event-teller.ts";
import { Session } from "../live/session.ts";
import type { SessionHost, SessionOptions } from "../live/session-options.ts";
import { eventLine } from "../output/events.ts";
import { lossText } from "../report/live-gaps.ts";
import type { EndReason, SessionStatus } from "../report/session-view.ts";
import { counted, shown } from "../report/values.ts";
import { DEFAULT_PLATFORM_ADDRESSES } from "../service/platform.ts";
import { isNicNamed } from "../service/primary-nic.ts";
import { UsageError } from "../settings/usage-error.ts";
import { VERSION } from "../version.ts";
import { LiveView } from "../view/live-view.ts";
import { bytesOf, countOf, millisecondsOf } from "./amounts.ts";
import { analysisOptionsOf } from "./analysis-options.ts";
import type { CommandContext } from "./command.ts";
import type { LiveOptions } from "./commands/live.ts";
import { statusOf } from "./exit-status.ts";
import type { Io, OutputStream } from "./io.ts";
import { requireWritable, STANDARD_OUTPUT } from "./output-file.ts";
import { SCREEN_FILES } from "./screen-files.ts";
import { printHeadline, type ScreenTerminal, screenTerminal, showScreen } from "./show-screen.ts";
import { reportTarget, writeReport } from "./write-report.ts";

/** Watches until something ends it. */
export async function watchLive(options: LiveOptions, context: CommandContext): Promise<void> {
  const { io } = context;
  const sessionOptions = await sessionOptionsOf(options);
  const session = new Session(sessionOptions);
  const forget = endOnSignals(session);
  try {
    if (options.write !== undefined) await requireWritable(options.write, { inPlace: true });
    if (options.output !== undefined) await requireWritable(options.output);
    await session.start();
    const wantsScreen = options.ui && options.format === undefined && options.output === undefined;
    const terminal = wantsScreen ? screenTerminal(io, false) : null;
    if (terminal !== null) {
      forget();
      await showSession(session, terminal, options, context);
      return;
    }
    await tellSession(session, options, context);
  } finally {
    forget();
    session.close();
  }
}

/** Tells events, or at the end the report, or both: without a screen. */
async function tellSession(session: Session, options: LiveOptions, context: CommandContext): Promise<void> {
  const { io } = context;
  const reportForm = options.format === "json" || options.format === "text" ? options.format : null;
  const tellsEvents =
    options.format === "ndjson" ||
    (io.stdout.isTTY !== true && (reportForm === null || (options.output ?? STANDARD_OUTPUT) !== STANDARD_OUTPUT));
  const eventsTo = tellsEvents ? eventStream(options, io.stdout) : null;
  const intervalMs = millisecondsOf(options.interval, "--interval");
  const teller =
    eventsTo === null
      ? null
      : new EventTeller(session, (event) => void eventsTo.write(eventLine(event)), intervalMs, Date.now);
  let fault: Error | null = null;
  eventsTo?.on("error", (error: Error) => {
    fault = error;
    void session.stop("interrupt");
  });
  teller?.start();
  if (teller === null) tellPerson(session, io);
  const reason = await session.ended;
  teller?.end(reason);
  const report = session.report();
  context.status = statusOf(report.anomalies, false, options.failOn);
  const target = reportTarget({ format: reportForm ?? "text", path: options.output ?? null, table: null });
  if (reportForm !== null || eventsTo === null) await writeReport(report, session.packetLines(), target, io);
  if (eventsTo === null || eventsTo === io.stdout) return;
  await new Promise<void>((resolve) => eventsTo.end(() => resolve()));
  if (fault !== null) throw new UsageError("output-not-writable", `cannot write ${options.output}: ${reasonOf(fault)}`);
}

/** Where no event is told, a person still learns that it runs, how to end it, and what went wrong with it. */
function tellPerson(session: Session, { stderr }: Io): void {
  const say = (words: string): void => void stderr.write(`vipscope: ${words}\n`);
  session.listener = {
    warned: ({ message }) => say(message),
    lost: (name, reason) => say(`${name} is no longer captured: ${lossText(reason)}`),
    back: (name, reason) => say(reason === "new" ? `${name} is new, and captured too` : `${name} is captured again`),
  };
  if (stderr.isTTY !== true) return;
  const names = session.watchedInterfaces.map(({ name }) => name).join(", ");
  stderr.write(`vipscope: watching ${names}; Ctrl-C ends it with the report\n`);
}

/** Shows the session until the person leaves or it ends, and ends it. */
async function showSession(
  session: Session,
  terminal: ScreenTerminal,
  options: LiveOptions,
  context: CommandContext,
): Promise<void> {
  const view = new LiveView(session, SCREEN_FILES);
  try {
    const names = session.watchedInterfaces.map(({ name }) => name).join(", ");
    const end = await showScreen(view, terminal, names, context.io, session.ended);
    await session.stop(end === "quit" || end === "SIGINT" ? "interrupt" : "terminate");
    const report = session.report();
    context.status = statusOf(report.anomalies, false, options.failOn);
    if (end !== "SIGHUP") printHeadline(report, recordingNote(session.status()), context.io);
  } finally {
    view.close();
    terminal.close();
  }
}

/** Where the packets are that were recorded; null when none were. */
function recordingNote({ recording }: SessionStatus): string | null {
  if (recording === null || recording.packets === 0) return null;
  const end = recording.problem === null ? "." : `: ${recording.problem}`;
  return `Recorded ${counted(recording.packets, "packet")}, last to ${shown(recording.path)}${end}`;
}

/** Where events go: the file that ndjson was told to write, else standard output. */
function eventStream(options: LiveOptions, stdout: OutputStream): NodeJS.WritableStream {
  if (options.format !== "ndjson" || options.output === undefined || options.output === STANDARD_OUTPUT) return stdout;
  return createWriteStream(options.output);
}

async function sessionOptionsOf(options: LiveOptions): Promise<SessionOptions> {
  const analysis = await analysisOptionsOf(options);
  const backends = findBackends(options.backend satisfies BackendChoice);
  const recording = recordingOf(options);
  const durationMs = options.duration === undefined ? null : millisecondsOf(options.duration, "--duration");
  const maxPackets = options.packets === undefined ? null : countOf(options.packets, "--packets");
  const platformAddress = analysis.platformAddresses[0] ?? DEFAULT_PLATFORM_ADDRESSES[0] ?? "";
  const atStart = hostInterfaces(platformAddress);
  const primary = atStart.find((one) => one.primary)?.name ?? null;
  refuseUnknownNic(analysis.primaryNic?.name ?? null, atStart);
  const user = invokingUser(process.env, process.getuid?.() ?? null);
  const starter = await KeeperStarter.open(backends);
  if (user !== null) becomeUser(user);
  return {
    analysis: {
      ...analysis,
      primaryNic: analysis.primaryNic ?? (primary === null ? null : { name: primary, origin: "host" }),
    },
    backends,
    starter,
    host: hostOf(platformAddress, atStart),
    interfaces: options.interface ?? [],
    filter: options.filter ?? "",
    recording,
    durationMs,
    maxPackets,
  };
}

/** A name that no NIC has would make every NIC a secondary one. */
function refuseUnknownNic(wanted: string | null, there: readonly HostInterface[]): void {
  if (
    wanted === null ||
    there.some(({ name, mac, addresses }) => isNicNamed({ interface: name, mac, addresses }, wanted))
  )
    return;
  const hint = `there are: ${there.map(({ name }) => name).join(", ")}`;
  throw new UsageError("unknown-nic", `no NIC of this machine is "${wanted}"`, hint);
}

/** Which NIC is primary was found out with all rights; leases may not be readable afterwards. */
function hostOf(platformAddress: string, atStart: readonly HostInterface[]): SessionHost {
  const known = atStart.find((one) => one.primary) ?? null;
  return {
    interfaces: () =>
      hostInterfaces(platformAddress).map((one) =>
        known === null
          ? one
          : {
              ...one,
              primary: one.name === known.name,
              primaryReason: one.name === known.name ? known.primaryReason : null,
            },
      ),
    stateOf: linuxStateOf(),
    now: Date.now,
  };
}

function recordingOf(options: LiveOptions): RecordingOptions | null {
  const { write, rotateSize, rotateTime, keep, maxDisk } = options;
  if (write === undefined) {
    if ([rotateSize, rotateTime, keep, maxDisk].every((one) => one === undefined)) return null;
    throw new UsageError("nothing-to-rotate", "--rotate-size, --rotate-time, --keep and --max-disk need --write");
  }
  return {
    path: write,
    rotateBytes: rotateSize === undefined ? null : bytesOf(rotateSize, "--rotate-size"),
    rotateMs: rotateTime === undefined ? null : millisecondsOf(rotateTime, "--rotate-time"),
    keep: keep === undefined ? null : countOf(keep, "--keep"),
    maxBytes: maxDisk === undefined ? null : bytesOf(maxDisk, "--max-disk"),
    application: `vipscope ${VERSION}`,
  };
}

/** Ctrl-C and SIGTERM end the session with its report, a second one at once; SIGHUP begins the recording's next file. */
function endOnSignals(session: Session): () => void {
  const reasons: readonly (readonly [NodeJS.Signals, EndReason])[] = [
    ["SIGINT", "interrupt"],
    ["SIGTERM", "terminate"],
  ];
  const listeners = reasons.map(([signal, reason]) => {
    const end = (): void => {
      process.off(signal, end);
      void session.stop(reason);
    };
    return [signal, end] as const;
  });
  for (const [signal, end] of listeners) process.on(signal, end);
  const rotate = (): void => session.rotateRecording();
  process.on("SIGHUP", rotate);
  return () => {
    for (const [signal, end] of listeners) process.off(signal, end);
    process.off("SIGHUP", rotate);
  };
}
