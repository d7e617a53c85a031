import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { writeNdjson } from "../../src/output/ndjson.ts";
import type { LiveEvent } from "../../src/report/events.ts";
import { NO_PACKET_LINES } from "../../src/report/packet-line.ts";
import { lazyRows } from "../../src/report/rows.ts";
import { reportOf } from "../support/report.ts";
import { schemaOf } from "../support/schema.ts";
import { gatheringSink, outputOf } from "../support/text-sink.ts";

async function eventsOf(report = reportOf()): Promise<LiveEvent[]> {
  const lines = (await outputOf(writeNdjson, report)).split("\n");
  expect(lines.pop()).toBe("");
  return lines.map((line) => JSON.parse(line));
}

test("every row of the report is one event with the record as it stands in the report", async () => {
  const report = reportOf();
  const events = await eventsOf(report);
  expect(events.map(({ event }) => event)).toEqual([
    "warning",
    "anomaly-raised",
    "flow-closed",
    "flow-closed",
    "dns",
    "dhcp",
    "http",
    "probe-transition",
    "counters",
  ]);
  expect(events.flatMap((event) => (event.event === "flow-closed" ? event.flow : []))).toEqual(report.flows);
});

test("every event is one that live may tell, by the published schema", async () => {
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schemaOf("event"));
  expect((await eventsOf()).filter((event) => !validate(event))).toEqual([]);
});

test("an event's time is its record's own", async () => {
  const raised = (await eventsOf()).find(({ event }) => event === "anomaly-raised");
  expect(raised?.at).toBe(reportOf().anomalies[0]?.firstAt);
});

test("a capture without a time gives no event, for an event has a time", async () => {
  const empty = reportOf();
  expect(await eventsOf({ ...empty, capture: { ...empty.capture, startedAt: null, endedAt: null } })).toEqual([]);
});

test("a long report is handed on in pieces of bounded size", async () => {
  const [flow] = reportOf().flows;
  if (flow === undefined) throw new Error("the report has a flow");
  const sink = gatheringSink();
  const report = { ...reportOf(), flows: lazyRows(2000, (id) => ({ ...flow, id })) };
  await writeNdjson({ report, packets: NO_PACKET_LINES, colour: false }, sink);
  expect(Math.max(...sink.pieces.map((piece) => piece.length))).toBeLessThan(1 << 17);
});
