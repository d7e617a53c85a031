/** A small HTTP server on plain sockets, so that a scenario can make it late, silent, broken or abrupt. */
import net from "node:net";

/**
 * Listens on an address and port. `respond(request)` gives `{ status, reason, headers, body }` and may add how it is sent:
 * delayMs (wait before the answer), silent (never answer), reset (RST instead), resetAfterBytes (RST in the middle of the answer),
 * chunked (a list of chunks), stallMs (between chunks), close (the server closes after the answer).
 */
export function listen(address, port, respond) {
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => serve(socket, port, respond));
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen({ host: address, port }, () => resolve(server));
  });
}

function serve(socket, port, respond) {
  let received = Buffer.alloc(0);
  let queue = Promise.resolve();
  socket.on("error", () => {});
  socket.on("end", () => queue.then(() => socket.end()));
  socket.on("data", (data) => {
    received = Buffer.concat([received, data]);
    for (let request = takeRequest(); request; request = takeRequest()) {
      const current = request;
      queue = queue.then(() => send(socket, current, respond({ ...current, port })));
    }
  });

  function takeRequest() {
    const headEnd = received.indexOf("\r\n\r\n");
    if (headEnd < 0) return null;
    const [first, ...lines] = received.subarray(0, headEnd).toString("latin1").split("\r\n");
    const headers = Object.fromEntries(
      lines.map((line) => line.split(/:\s*(.*)/s).slice(0, 2)).map(([k, v]) => [k.toLowerCase(), v]),
    );
    const end = headEnd + 4 + Number(headers["content-length"] ?? 0);
    if (received.length < end) return null;
    const body = received.subarray(headEnd + 4, end).toString("latin1");
    received = received.subarray(end);
    const [method, target] = first.split(" ");
    return { method, target, headers, body };
  }
}

async function send(socket, request, answer) {
  if (answer.delayMs) await sleep(answer.delayMs);
  if (socket.destroyed || answer.silent) return;
  if (answer.reset) {
    socket.resetAndDestroy();
    return;
  }
  const { status, reason, headers = {}, body = "", chunked } = answer;
  const framing = chunked ? { "Transfer-Encoding": "chunked" } : { "Content-Length": Buffer.byteLength(body) };
  const fields = status === 304 ? headers : { ...framing, ...headers };
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ].join("\r\n");
  if (answer.resetAfterBytes) {
    socket.write((head + body).slice(0, answer.resetAfterBytes));
    await sleep(50);
    socket.resetAndDestroy();
    return;
  }
  if (chunked) {
    socket.write(head);
    for (const chunk of chunked) {
      await sleep(answer.stallMs ?? 20);
      socket.write(`${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`);
    }
    socket.write("0\r\n\r\n");
  } else {
    socket.write(head + (request.method === "HEAD" ? "" : body));
  }
  if (answer.close) socket.end();
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
