import { expect, test } from "vitest";
import { DirectStarter } from "../../../src/capture/live/child.ts";

const request = { interface: "eth0", filter: "arp" };

test("a program that is not there ends at once, and is no error of the session", async () => {
  const backend = { name: "tcpdump", clock: "kernel", program: "/nowhere/tcpdump" } as const;
  const child = await new DirectStarter().start({ backend, ...request });
  expect(await child.ended).toEqual({ code: null, signal: null });
  expect(child.pid).toBeNull();
});

test("what a child said last is there when it has ended", async () => {
  // Takes the arguments for a file of its own, and says that there is none.
  const backend = { name: "tcpdump", clock: "kernel", program: process.execPath } as const;
  const child = await new DirectStarter().start({ backend, ...request });
  expect((await child.ended).code).not.toBe(0);
  expect(child.messages.length).toBeGreaterThan(0);
});
