import { createServer } from "node:net";
import { expect, test } from "vitest";
import { tryConnection } from "../../src/check/connect.ts";

test("a connection that was made while the process could not look is no time-out", async () => {
  const server = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  try {
    const tried = tryConnection("127.0.0.1", port, 50);
    const untilMs = performance.now() + 150;
    while (performance.now() < untilMs);
    expect(await tried).toMatchObject({ outcome: "connected", error: null });
  } finally {
    server.close();
  }
});
