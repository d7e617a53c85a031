import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Lab } from "../../captures/lab/lab.mjs";
import type { Report } from "../../src/report/report.ts";
import { ask, BACKENDS, type LiveSession, startLive } from "../support/live-session.ts";
import { hasNamespaces } from "../support/tools.ts";

/** How long a child that was killed may take to be there again, with what the machine does beside. */
const SETTLE_MS = 10_000;

describe.skipIf(!hasNamespaces())("what an incident brings", () => {
  const labs = new Map(BACKENDS.map((backend, index) => [backend, new Lab(index, {})]));
  const reports = new Map<string, { report: Report; session: LiveSession; asked: string[] }>();

  beforeAll(async () => {
    for (const lab of labs.values()) lab.open();
    await Promise.all(
      [...labs].map(async ([backend, lab]) => {
        await lab.wireServer();
        reports.set(backend, await liveThrough(lab, backend));
      }),
    );
  }, 120_000);

  afterAll(() => {
    for (const lab of labs.values()) lab.close();
  });

  test.each(BACKENDS)("%s: the session goes on, each gap is named, and nothing before it is lost", (backend) => {
    const { report, session, asked } = reports.get(backend) ?? { report: null, session: null, asked: [] };
    const gaps = report?.capture.sources.flatMap(({ live }) => live?.gaps ?? []) ?? [];
    expect(gaps.map(({ reason }) => reason)).toEqual([
      "interface-down",
      "interface-gone",
      "backend-died",
      "backend-stalled",
    ]);
    for (const { fromAt, toAt } of gaps) expect(Date.parse(toAt ?? "")).toBeGreaterThan(Date.parse(fromAt));
    expect(report?.http.exchanges.map(({ target }) => target)).toEqual(asked);
    expect(session?.all("interface-lost").map(({ reason }) => reason)).toEqual(gaps.map(({ reason }) => reason));
    expect(session?.all("interface-back").map(({ reason }) => reason)).toEqual(gaps.map(({ reason }) => reason));
    expect(session?.all("session-ended")).toMatchObject([{ reason: "interrupt" }]);
  });

  test("the analyser stopped for two seconds loses nothing: what was captured waited", async () => {
    const lab = labs.get("dumpcap");
    if (lab === undefined) throw new Error("no lab");
    const session = await startLive(lab, "--backend", "dumpcap");
    await askSurely(lab, "/machine/before");
    process.kill(session.pid, "SIGSTOP");
    for (let number = 0; number < 5; number++) await askSurely(lab, `/machine/${number}`);
    await sleep(2000);
    process.kill(session.pid, "SIGCONT");
    await session.until("warning", ({ code }) => code === "analyser-stalled");
    await session.until("http", ({ exchange }) => exchange.target === "/machine/4");
    const { report } = await session.stop();
    expect(report.http.exchanges).toHaveLength(6);
    expect(report.capture.sources[0]?.live?.gaps).toEqual([]);
  }, 40_000);

  test("a keeper that is killed is a gap without an end, and the report is there", async () => {
    const lab = labs.get("dumpcap");
    if (lab === undefined) throw new Error("no lab");
    const session = await startLive(lab, "--backend", "dumpcap");
    await askSurely(lab, "/machine/before");
    await session.until("http");
    process.kill(session.keeperPid(), "SIGKILL");
    await session.until("interface-lost", ({ reason }) => reason === "backend-died");
    const { report } = await session.stop();
    expect(report.http.exchanges).toHaveLength(1);
    expect(report.capture.sources[0]?.live?.gaps).toMatchObject([{ reason: "backend-died", toAt: null }]);
  }, 40_000);
});

/** Sets the NIC down, deletes it, kills and stops the child, with a request after each. */
async function liveThrough(
  lab: Lab,
  backend: string,
): Promise<{ report: Report; session: LiveSession; asked: string[] }> {
  const session = await startLive(lab, "--backend", backend, "-i", "eth0");
  const asked: string[] = [];
  const request = async (): Promise<void> => {
    const target = `/machine/${asked.length}`;
    asked.push(target);
    await askSurely(lab, target);
    await session.until("http", ({ exchange }) => exchange.target === target);
  };
  const back = (reason: string): Promise<unknown> =>
    session.until("interface-back", (event) => event.reason === reason, SETTLE_MS);
  const lost = (reason: string): Promise<unknown> =>
    session.until("interface-lost", (event) => event.reason === reason, SETTLE_MS);
  await request();
  await lab.shell("ip link set eth0 down");
  await lost("interface-down");
  await lab.shell(`ip link set eth0 up; ${ROUTES}`);
  await back("interface-down");
  await request();
  await lab.shell("ip link del eth0");
  await lost("interface-gone");
  lab.joinAgain();
  await back("interface-gone");
  await request();
  process.kill(session.captureChildren().at(-1) ?? 0, "SIGKILL");
  await lost("backend-died");
  await back("backend-died");
  await request();
  process.kill(session.captureChildren().at(-1) ?? 0, "SIGSTOP");
  await lost("backend-stalled");
  await back("backend-stalled");
  await request();
  const { report } = await session.stop("SIGINT");
  return { report, session, asked };
}

/** The routes that go with the NIC when it goes down. */
const ROUTES = "ip route add default via 10.1.0.1; ip route add 168.63.129.16/32 via 10.1.0.1";

async function askSurely(lab: Lab, target: string): Promise<void> {
  expect(await ask(lab, target, "--retry", "2")).toBe(0);
}
