import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { RULES } from "../../src/rules/all.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { CaptureView } from "../../src/view/capture-view.ts";
import { analyzeFiles } from "../support/analyze.ts";

/** As it was built: the thread has a bundle of its own. */
const WORKER = pathToFileURL("bin/capture-worker.js");
const opened: CaptureView[] = [];
afterEach(() => {
  for (const view of opened.splice(0)) view.close();
});

function viewOf(...names: string[]): CaptureView {
  const view = new CaptureView(WORKER, {
    names,
    platformAddresses: [],
    primaryNic: null,
    rules: RULES.map((rule) => rule.id),
    thresholds: DEFAULT_THRESHOLDS,
  });
  opened.push(view);
  return view;
}

function ended(view: CaptureView): Promise<void> {
  return new Promise((resolve) => {
    view.onChange(() => {
      if (view.progress().state !== "reading") resolve();
    });
  });
}

describe("captures that another thread reads", () => {
  test("answer like the analysis here", async () => {
    const view = viewOf("captures/incident-mixed.pcapng");
    await ended(view);
    const { report } = await analyzeFiles(["captures/incident-mixed.pcapng"]);
    expect((await view.overview()).report.anomalies).toEqual(report.anomalies);
    const { rows } = await view.rows({ table: "flows", filter: "", sort: null, start: 0, count: 1 });
    expect(rows).toEqual([{ index: 0, row: report.flows[0] }]);
    expect((await view.flow(0))?.flow).toEqual(report.flows[0]);
    const packet = { source: 0, frame: 1 };
    expect((await view.packet(packet))?.bytes).toBeInstanceOf(Uint8Array);
    expect(await view.packetLines([packet])).toMatchObject([{ packet }]);
    await expect(view.exportReport("/nowhere/at/all", "text")).rejects.toThrow("its directory does not exist");
  });

  test("that cannot be read say why", async () => {
    const view = viewOf("captures/README.md");
    await view.opened;
    expect(view.progress()).toMatchObject({ state: "failed" });
    expect(() => view.refuseFailure()).toThrow("captures/README.md is");
  });

  test("that were closed refuse further questions", async () => {
    const view = viewOf("captures/incident-mixed.pcapng");
    const waiting = view.overview();
    view.close();
    await expect(waiting).rejects.toThrow("closed");
    await expect(view.overview()).rejects.toThrow("closed");
  });
});
