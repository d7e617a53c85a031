/** The load balancer's health probes, sent from the platform address. Run inside the namespace `platform`. */
import net from "node:net";
import tls from "node:tls";
import { answerScenario } from "../answering.mjs";

const INTERVAL_MS = 5000;
/** Consecutive probes take rising source ports some tens apart, each series from a place of its own. */
const FIRST_PORT = 50_160;
const PORT_STEP = 30;
const CLOSE_PATIENCE_MS = 250;

let nextPort = FIRST_PORT;
const series = [];

/**
 * Starts a series: kind "tcp" (open, silent for an interval, close), "http" or "https" (one connection for as long as it lasts).
 * address and port are the VM's; source the platform's address, scope the interface for link-local ones.
 */
function start(options) {
  if (options.firstPort) nextPort = options.firstPort;
  const state = { ...options, intervalMs: options.intervalMs ?? INTERVAL_MS, stopped: false, socket: null };
  series.push(state);
  if (options.kind === "tcp") probeTcp(state);
  else probeHttp(state);
}

function connectFrom(state) {
  nextPort += PORT_STEP;
  const socket = net.connect({
    host: state.address,
    port: state.port,
    localAddress: state.source,
    localPort: nextPort,
    noDelay: true,
    allowHalfOpen: false,
  });
  socket.on("error", () => {});
  state.socket = socket;
  return socket;
}

/** One probe after another; the next begins when the one before has been closed, or soon after when the VM does not let it. */
function probeTcp(state) {
  if (state.stopped) return;
  const startedAt = Date.now();
  const socket = connectFrom(state);
  const next = () => {
    clearTimeout(timer);
    clearTimeout(patience);
    socket.off("close", next);
    socket.destroy();
    setTimeout(() => probeTcp(state), Math.max(1, startedAt + state.intervalMs - Date.now()));
  };
  const holdMs = state.holdMs ?? state.intervalMs;
  const timer = setTimeout(() => socket.end(), holdMs);
  const patience = setTimeout(next, holdMs + CLOSE_PATIENCE_MS);
  socket.resume();
  socket.on("close", next);
}

/** A request every interval on one connection, and a new connection when that one is gone. */
function probeHttp(state) {
  let stream = null;
  let answered = true;
  const beat = () => {
    if (state.stopped) return;
    if (stream && !answered) {
      stream.destroy();
      stream = null;
    }
    if (stream && !stream.destroyed && stream.writable) request();
    else open();
  };
  const open = () => {
    const socket = connectFrom(state);
    answered = false;
    stream =
      state.kind === "https"
        ? tls.connect({ socket, rejectUnauthorized: false, maxVersion: state.maxVersion ?? "TLSv1.3" })
        : socket;
    const mine = stream;
    mine.on("error", () => {});
    mine.on("close", () => {
      if (stream === mine) stream = null;
    });
    mine.on("data", () => {
      answered = true;
    });
    mine.once(state.kind === "https" ? "secureConnect" : "connect", request);
  };
  const request = () => {
    answered = false;
    const host = state.address.includes(":") ? `[${state.address.split("%")[0]}]` : state.address;
    stream.write(
      `GET ${state.path ?? "/healthz"} HTTP/1.1\r\nCache-Control: no-cache\r\nConnection: Keep-Alive\r\nPragma: no-cache\r\n` +
        `Accept: */*\r\nUser-Agent: Load Balancer Agent\r\nHost: ${host}:${state.port}\r\n\r\n`,
    );
  };
  state.timer = setInterval(beat, state.intervalMs);
  beat();
}

function stopAll() {
  for (const state of series.splice(0)) {
    state.stopped = true;
    clearInterval(state.timer);
    state.socket?.end();
  }
}

answerScenario((message) => {
  if (message.start) start(message.start);
  if (message.stop) stopAll();
});
