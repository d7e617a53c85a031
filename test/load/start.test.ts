import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Lab } from "../../captures/lab/lab.mjs";
import { ask, BACKENDS, startLive } from "../support/live-session.ts";
import { hasNamespaces } from "../support/tools.ts";

/** Sessions of each backend: the first one may find files that are not in the machine's memory. */
const SESSIONS = 3;

describe.skipIf(!hasNamespaces())("a session on a VM with two NICs", () => {
  const lab = new Lab(0, { nics: 2 });

  beforeAll(async () => {
    lab.open();
    await lab.wireServer();
  });

  afterAll(() => lab.close());

  test.each(BACKENDS)("%s: watches within a second of its start, and misses nothing from then on", async (backend) => {
    const startsMs: number[] = [];
    for (let number = 0; number < SESSIONS; number++) {
      const atMs = performance.now();
      const session = await startLive(lab, "--backend", backend);
      startsMs.push(performance.now() - atMs);
      expect(await ask(lab, "/")).toBe(0);
      await session.until("http");
      const { report } = await session.stop();
      expect(report.flows.map(({ tcp }) => tcp?.outcome)).toEqual(["established"]);
      expect(report.capture.sources.map(({ name }) => name)).toEqual(["eth0", "eth1"]);
    }
    expect(startsMs.toSorted((a, b) => a - b)[1], startsMs.map(Math.round).join(" ")).toBeLessThan(1000);
  });
});
