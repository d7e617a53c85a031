import { expect, test } from "vitest";
import { writeJson } from "../../src/output/json.ts";
import { NO_PACKET_LINES } from "../../src/report/packet-line.ts";
import { lazyRows } from "../../src/report/rows.ts";
import { reportOf } from "../support/report.ts";
import { gatheringSink, outputOf } from "../support/text-sink.ts";

test("the document is the report, field for field", async () => {
  expect(JSON.parse(await outputOf(writeJson, reportOf()))).toEqual(reportOf());
});

test("an empty report is a valid document", async () => {
  const empty = reportOf({
    flows: [],
    dns: { transactions: [] },
    dhcp: { exchanges: [] },
    http: { exchanges: [] },
    probes: [],
    anomalies: [],
  });
  expect(JSON.parse(await outputOf(writeJson, empty))).toEqual(empty);
});

test("the top level stands in the contract's order", async () => {
  const document: object = JSON.parse(await outputOf(writeJson, reportOf()));
  expect(Object.keys(document)).toEqual(Object.keys(reportOf()));
});

test("every flow stands on a line of its own", async () => {
  const lines = (await outputOf(writeJson, reportOf())).split("\n");
  expect(lines.filter((line) => line.startsWith('{"id":'))).toHaveLength(2);
});

test("a long report is handed on in pieces of bounded size", async () => {
  const [flow] = reportOf().flows;
  if (flow === undefined) throw new Error("the report has a flow");
  const sink = gatheringSink();
  const report = { ...reportOf(), flows: lazyRows(2000, (id) => ({ ...flow, id })) };
  await writeJson({ report, packets: NO_PACKET_LINES, colour: false }, sink);
  expect(Math.max(...sink.pieces.map((piece) => piece.length))).toBeLessThan(1 << 17);
  const document: { flows: unknown[] } = JSON.parse(sink.pieces.join(""));
  expect(document.flows).toHaveLength(2000);
});

test("the next piece waits until the last one was taken", async () => {
  const [flow] = reportOf().flows;
  if (flow === undefined) throw new Error("the report has a flow");
  let waiting = 0;
  let most = 0;
  const report = { ...reportOf(), flows: lazyRows(2000, (id) => ({ ...flow, id })) };
  const write = async (): Promise<void> => {
    waiting += 1;
    most = Math.max(most, waiting);
    await new Promise((resolve) => setImmediate(resolve));
    waiting -= 1;
  };
  await writeJson({ report, packets: NO_PACKET_LINES, colour: false }, { write });
  expect(most).toBe(1);
});
