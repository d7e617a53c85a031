import { describe, expect, test } from "vitest";
import type { DnsTransaction, Flow, HttpExchange, Report } from "../../src/report/report.ts";
import { SORT_COLUMNS } from "../../src/report/view-fields.ts";
import type { RowQuery, TableName, TableRows } from "../../src/report/view-source.ts";
import { RowFinder } from "../../src/view/row-finder.ts";
import { analyzeFiles } from "../support/analyze.ts";

const { report } = await analyzeFiles(["captures/incident-mixed.pcapng"]);
const { report: boot } = await analyzeFiles(["captures/healthy-boot.pcapng"]);
const { report: nics } = await analyzeFiles(["captures/non-primary-nic.pcapng"]);
const { report: probes } = await analyzeFiles(["captures/probes-up-down.pcap"]);

async function rowsOf<Table extends TableName>(
  of: Report,
  table: Table,
  query: Partial<RowQuery<Table>>,
): Promise<TableRows[Table][]> {
  const finder = new RowFinder(of, 1, null);
  const window = await finder.window({ table, filter: "", sort: null, start: 0, count: 10_000, ...query });
  expect(window.filterProblem).toBeNull();
  return window.rows.map(({ row }) => row);
}

const TABLE_NAMES: readonly TableName[] = ["flows", "dns", "dhcp", "http", "probes"];

const ids = (flows: readonly { id: number }[]): number[] => flows.map(({ id }) => id);
const flowsWith = (holds: (flow: Flow) => boolean, of: Report = report): number[] => ids(of.flows.filter(holds));

/** The reference: what each filter means, said over whole rows. */
const FLOW_FILTERS: readonly (readonly [string, (flow: Flow) => boolean])[] = [
  ["service:dns", (flow) => flow.service === "dns"],
  ["-service:dns", (flow) => flow.service !== "dns"],
  ["service:wire,hostga", (flow) => flow.service === "wireserver" || flow.service === "hostga-plugin"],
  ["service:dns state:unanswered", (flow) => flow.service === "dns" && flow.packets.fromPlatform === 0],
  ["protocol:tcp state:established", (flow) => flow.tcp?.outcome === "established"],
  ["state:reset", (flow) => flow.tcp?.ending?.startsWith("reset") === true],
  ["port:53", (flow) => flow.vm.port === 53 || flow.platform.port === 53],
  ["packets:>5", (flow) => flow.packets.toPlatform + flow.packets.fromPlatform > 5],
  ["rcode:NOERROR", (flow) => dnsOf(flow).some((one) => one.rcode === "NOERROR")],
  [
    "-rcode:NOERROR service:dns",
    (flow) => flow.service === "dns" && dnsOf(flow).every((one) => one.rcode !== "NOERROR"),
  ],
  ["status:200", (flow) => httpOf(flow).some((one) => one.status === 200)],
  ["operation:goal-state", (flow) => httpOf(flow).some((one) => one.operation === "goal-state")],
  ["anomaly:critical", (flow) => flow.anomalies.some((index) => report.anomalies[index]?.severity === "critical")],
  ["anomaly:any", (flow) => flow.anomalies.length > 0],
  ["!anomaly:any", (flow) => flow.anomalies.length === 0],
];

const dnsOf = (flow: Flow): DnsTransaction[] => report.dns.transactions.filter((one) => one.flow === flow.id);
const httpOf = (flow: Flow): HttpExchange[] => report.http.exchanges.filter((one) => one.flow === flow.id);

describe("a filter of flows", () => {
  test.each(FLOW_FILTERS)("%s finds the flows for which it holds", async (filter, holds) => {
    expect(ids(await rowsOf(report, "flows", { filter }))).toEqual(flowsWith(holds));
  });

  test("finds an endpoint by address and port", async () => {
    const [flow] = report.flows;
    const filter = `${flow?.vm.address}:${flow?.vm.port}`;
    const same = (one: Flow): boolean => one.vm.address === flow?.vm.address && one.vm.port === flow?.vm.port;
    expect(ids(await rowsOf(report, "flows", { filter }))).toEqual(flowsWith(same));
    expect(ids(await rowsOf(report, "flows", { filter: `vm:${filter}` }))).toEqual(flowsWith(same));
  });

  test("finds a NIC by name", async () => {
    const found = await rowsOf(nics, "flows", { filter: "nic:eth1" });
    expect(ids(found)).toEqual(flowsWith((flow) => flow.vm.interface === "eth1", nics));
    expect(found.length).toBeGreaterThan(0);
  });

  test("finds by a word of what the flow carried", async () => {
    const [asked] = report.dns.transactions;
    const found = await rowsOf(report, "flows", { filter: `"${asked?.name}"` });
    expect(ids(found)).toContain(asked?.flow);
  });
});

describe("a filter of other tables", () => {
  test("takes what is known of the flow", async () => {
    const found = await rowsOf(report, "http", { filter: "service:wireserver" });
    expect(found).toEqual(report.http.exchanges.filter((one) => report.flows[one.flow]?.service === "wireserver"));
  });

  test("finds DHCP exchanges by outcome", async () => {
    expect(await rowsOf(boot, "dhcp", { filter: "outcome:acknowledged" })).toEqual(boot.dhcp.exchanges);
  });

  test("finds probes by endpoint", async () => {
    const [series] = probes.probes;
    expect(await rowsOf(probes, "probes", { filter: `vm:${series?.vm.address}:${series?.vm.port}` })).toEqual([series]);
  });

  test("of a field that says nothing about them is a problem, and finds all rows", async () => {
    const finder = new RowFinder(boot, 1, null);
    const window = await finder.window({ table: "dhcp", filter: "rcode:SERVFAIL", sort: null, start: 0, count: 9 });
    expect(window.filterProblem).toBe("rcode says nothing about DHCP exchanges.");
    expect(window.matched).toBe(boot.dhcp.exchanges.length);
  });
});

describe("sorting", () => {
  const columns = Object.entries(SORT_COLUMNS).flatMap(([table, ids]) => ids.map((id) => [table, id] as const));

  test.each(columns)("%s by %s holds the same rows as without", async (name, column) => {
    const [table] = TABLE_NAMES.filter((one) => one === name);
    if (table === undefined) throw new Error(`no table ${name}`);
    const finder = new RowFinder(table === "probes" ? probes : boot, 1, null);
    const indexes = async (sort: RowQuery["sort"]): Promise<number[]> =>
      (await finder.window({ table, filter: "", sort, start: 0, count: 10_000 })).rows.map(({ index }) => index);
    const plain = await indexes(null);
    expect(plain.length).toBeGreaterThan(0);
    for (const descending of [true, false]) {
      expect((await indexes({ column, descending })).sort((a, b) => a - b)).toEqual(plain);
    }
  });

  test("by packets is by their sum", async () => {
    const rows = await rowsOf(report, "flows", { sort: { column: "packets", descending: true } });
    const sums = rows.map(({ packets }) => packets.toPlatform + packets.fromPlatform);
    expect(sums).toEqual([...sums].sort((a, b) => b - a));
  });

  test("by anomalies brings the worst first", async () => {
    const rows = await rowsOf(report, "flows", { sort: { column: "anomalies", descending: true } });
    expect(rows[0]?.anomalies.map((index) => report.anomalies[index]?.severity)).toContain("critical");
  });

  test("by time down is the reverse", async () => {
    const rows = await rowsOf(report, "flows", { sort: { column: "time", descending: true } });
    expect(ids(rows)).toEqual(flowsWith(() => true).reverse());
  });

  test("by a column that is not there leaves the order", async () => {
    const rows = await rowsOf(report, "flows", { sort: { column: "__proto__", descending: false } });
    expect(ids(rows)).toEqual(flowsWith(() => true));
  });

  test("applies to what the filter left", async () => {
    const rows = await rowsOf(report, "flows", { filter: "service:dns", sort: { column: "vm", descending: false } });
    const ports = rows.map(({ vm }) => vm.port ?? 0);
    expect(ports).toEqual([...ports].sort((a, b) => a - b));
    expect(rows.length).toBe(flowsWith((flow) => flow.service === "dns").length);
  });
});

describe("a window", () => {
  const finder = new RowFinder(report, 7, null);

  test("holds the rows from its start on, and how many there are", async () => {
    const window = await finder.window({ table: "flows", filter: "", sort: null, start: 3, count: 2 });
    expect(window).toMatchObject({ revision: 7, total: report.flows.length, matched: report.flows.length, start: 3 });
    expect(window.rows).toEqual([3, 4].map((index) => ({ index, row: report.flows[index] })));
  });

  test.each([
    [1e9, 10],
    [-5, 0],
    [Number.NaN, Number.NaN],
  ])("from %s of %s rows is empty or begins at the first", async (start, count) => {
    const window = await finder.window({ table: "flows", filter: "", sort: null, start, count });
    expect(window.rows).toEqual([]);
  });
});
