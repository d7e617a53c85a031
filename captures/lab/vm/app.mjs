/** The applications that health probes ask. Run inside the namespace `vm`. */
import { readFileSync } from "node:fs";
import net from "node:net";
import tls from "node:tls";
import { answerScenario } from "../answering.mjs";

/** By port: the server, its open connections, and how it behaves now. */
const apps = new Map();

/** kind "tcp" says nothing, "http" and "https" answer every request; address is where it listens, all by default. */
function open({ port, kind, address, tlsOptions, ...behaviour }) {
  const app = { behaviour, sockets: new Set(), server: null };
  const options = tlsOptions
    ? { ...tlsOptions, key: readFileSync(tlsOptions.key), cert: readFileSync(tlsOptions.cert) }
    : {};
  app.server =
    kind === "https"
      ? tls.createServer(options, (socket) => serve(app, socket, "http"))
      : net.createServer({ noDelay: true }, (socket) => serve(app, socket, kind));
  app.server.on("tlsClientError", () => {});
  app.server.on("connection", (socket) => track(app, socket));
  apps.set(port, app);
  return new Promise((resolve, reject) => {
    app.server.on("error", reject);
    app.server.listen({ host: address ?? "0.0.0.0", port, ipv6Only: address?.includes(":") }, () => resolve());
  });
}

function track(app, socket) {
  app.sockets.add(socket);
  socket.on("error", () => {});
  socket.on("close", () => app.sockets.delete(socket));
}

function serve(app, socket, kind) {
  socket.on("error", () => {});
  socket.resume();
  if (app.behaviour.keepAliveMs) socket.setKeepAlive(true, app.behaviour.keepAliveMs);
  if (app.behaviour.resetAfterMs) setTimeout(() => socket.resetAndDestroy(), app.behaviour.resetAfterMs);
  if (app.behaviour.closeAfterMs) setTimeout(() => socket.end(), app.behaviour.closeAfterMs);
  if (kind === "tcp") return;
  socket.on("data", () => setTimeout(() => answer(app, socket), app.behaviour.delayMs ?? 0));
}

function answer(app, socket) {
  const { status = 200, reason = "OK", body = '{"status":"ok"}', silent, headers = "" } = app.behaviour;
  if (silent || socket.destroyed) return;
  const type = "Content-Type: application/json\r\nCache-Control: no-store\r\nServer: nginx\r\n";
  socket.write(
    `HTTP/1.1 ${status} ${reason}\r\n${type}${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function close(port) {
  const app = apps.get(port);
  app.server.close();
  for (const socket of app.sockets) socket.destroy();
  apps.delete(port);
}

answerScenario(async (message) => {
  if (message.open) await open(message.open);
  if (message.close) close(message.close);
  if (message.behave) apps.get(message.behave.port).behaviour = message.behave;
});
