import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Backend } from "../../src/capture/live/backends.ts";
import type { ChildStarter } from "../../src/capture/live/child.ts";
import { fedChild, fedSession } from "../support/fed-session.ts";
import { pcapHeader } from "../support/pcap-writer.ts";

const BACKENDS: readonly Backend[] = [
  { name: "cap", clock: "arrival", program: "node" },
  { name: "dumpcap", clock: "kernel", program: "dumpcap" },
  { name: "tcpdump", clock: "kernel", program: "tcpdump" },
];

/** Starts children of which those of the named backends end at once, as when `cap` does not load. */
function starterWithout(...broken: readonly string[]): ChildStarter & { tried: string[] } {
  const tried: string[] = [];
  const start: ChildStarter["start"] = ({ backend }) => {
    tried.push(backend.name);
    const stream = new PassThrough();
    if (!broken.includes(backend.name)) {
      stream.write(pcapHeader());
      return Promise.resolve(fedChild(stream));
    }
    stream.end();
    return Promise.resolve(fedChild(stream, [`${backend.name} does not load`], 4));
  };
  return { start, close: () => {}, tried };
}

test("auto goes on to the next program when one that is there cannot be used", async () => {
  const starter = starterWithout("cap", "dumpcap");
  const session = fedSession(starter, Date.now, BACKENDS);
  await session.start();
  expect(starter.tried).toEqual(["cap", "dumpcap", "tcpdump"]);
  expect(session.status()).toMatchObject({ backend: "tcpdump", clock: "kernel", state: "watching" });
  expect(session.status().nics.map(({ name, state }) => `${name} ${state}`)).toEqual(["eth0 watching"]);
  await session.stop();
  session.close();
});

test("when none can be used, the first one's words are told", async () => {
  const session = fedSession(starterWithout("cap", "dumpcap", "tcpdump"), Date.now, BACKENDS);
  await expect(session.start()).rejects.toThrow("cap cannot capture on eth0: cap does not load");
  session.close();
});
