/** The report's tests by hand: connections that carry nothing, and requests by programs that people start themselves. */
import { FlowField, type FlowTable } from "../flow/flow-table.ts";
import type { FlowTracker } from "../flow/tracker.ts";
import { MAX_MANUAL_ATTEMPTS, MAX_MANUAL_TEST_FLOWS, MAX_MANUAL_TESTS } from "../limits.ts";
import type { FlowOrder } from "../rules/flow-order.ts";
import { type SilentConnections, silentConnections } from "../service/manual-connections.ts";
import type { HttpRecord } from "../service/records.ts";
import type { Services } from "../service/services.ts";
import type { InstantOf } from "./instants.ts";
import type { ManualTest } from "./report.ts";

/** A test with the time that it is sorted by. */
interface TimedTest {
  startedNs: number;
  test: ManualTest;
}

/** All that were recognised, in order of their first packets. */
export function buildManualTests(
  { flows, tcp }: Pick<FlowTracker, "flows" | "tcp">,
  services: Pick<Services, "http">,
  order: FlowOrder,
  instantOf: InstantOf,
): ManualTest[] {
  const silent = silentConnections(flows, tcp.table, rowsOf(order)).map((one): TimedTest => {
    return { startedNs: one.startedNs, test: connectionTest(one, flows, order, instantOf) };
  });
  return [...silent, ...requestTests(services, flows, order, instantOf)]
    .sort((a, b) => a.startedNs - b.startedNs)
    .slice(0, MAX_MANUAL_TESTS)
    .map(({ test }) => test);
}

function* rowsOf(order: FlowOrder): Iterable<number> {
  for (let id = 0; id < order.count; id++) yield order.rowOf(id);
}

const TOOLS: Readonly<Record<SilentConnections["kind"], string>> = {
  "port-test": "Test-NetConnection or nc -z",
  "held-open": "telnet",
  "tcp-ping": "psping",
  "tcp-traceroute": "traceroute -T",
};

function connectionTest(one: SilentConnections, flows: FlowTable, order: FlowOrder, instantOf: InstantOf): ManualTest {
  return {
    kind: one.kind,
    tool: TOOLS[one.kind],
    certainty: one.kind === "tcp-traceroute" ? "certain" : "likely",
    ...endsOf(flows, one.flows[0] ?? 0),
    startedAt: instantOf(one.startedNs),
    tries: one.tries,
    answered: one.answered,
    summary: connectionSummary(one),
    flows: one.flows.map((row) => order.idOf(row)),
  };
}

function connectionSummary({ kind, tries, answered, hops, handshakeNs }: SilentConnections): string {
  if (kind === "tcp-traceroute") {
    if (hops === null) return `None of ${counted(tries, "SYN")} was answered.`;
    return `The platform is ${counted(hops, "hop")} away: that is the smallest TTL of a SYN that it answered.`;
  }
  const time = handshakeNs === null ? "" : ` in ${Math.round(handshakeNs / 1e4) / 100} ms`;
  const held = kind === "held-open" ? ", and held open" : "";
  if (tries === 1) return `The connection was accepted${time}${held}.`;
  return `${answered} of ${tries} connections were accepted${time === "" ? "" : `, half of them${time.replace(" in", " within")}`}.`;
}

/** Programs that people start by hand to ask for a page, by how they name themselves. */
const REQUESTING_TOOLS: readonly (readonly [sign: RegExp, name: string])[] = [
  [/^curl\//, "curl"],
  [/^Wget\//, "wget"],
  [/^HTTPie\//, "HTTPie"],
  [/WindowsPowerShell\/|\bPowerShell\//, "PowerShell"],
  [/^vipscope\//, "vipscope check"],
];

function toolOf(userAgent: string): string | null {
  return REQUESTING_TOOLS.find(([sign]) => sign.test(userAgent))?.[1] ?? null;
}

/** Requests by the same program for the same thing are one test. */
function requestTests(
  services: Pick<Services, "http">,
  flows: FlowTable,
  order: FlowOrder,
  instantOf: InstantOf,
): TimedTest[] {
  const groups = new Map<string, { tool: string; records: HttpRecord[]; tries: number; answered: number }>();
  let attempts = 0;
  for (const { record, answer: tool } of services.http.withUserAgent(toolOf)) {
    attempts += 1;
    if (attempts > MAX_MANUAL_ATTEMPTS) break;
    const key = JSON.stringify([tool, flows.vmAddressText(record.flow), record.method, record.target, record.status]);
    const group = groups.get(key) ?? { tool, records: [], tries: 0, answered: 0 };
    if (group.tries === 0 && groups.size >= MAX_MANUAL_TESTS) continue;
    groups.set(key, group);
    group.tries += 1;
    if (record.status !== null) group.answered += 1;
    if (group.records.length < MAX_MANUAL_TEST_FLOWS) group.records.push(record);
  }
  return [...groups.values()].flatMap(({ tool, records, tries, answered }): TimedTest[] => {
    const [first] = records;
    const startedNs = first?.requestedNs ?? null;
    if (first === undefined || startedNs === null) return [];
    const test: ManualTest = {
      kind: "http-request",
      tool,
      certainty: "certain",
      ...endsOf(flows, first.flow),
      startedAt: instantOf(startedNs),
      tries,
      answered,
      summary: requestSummary(first, tries),
      flows: [...new Set(records.map((record) => order.idOf(record.flow)))],
    };
    return [{ startedNs, test }];
  });
}

function requestSummary({ method, target, status }: HttpRecord, tries: number): string {
  const times = tries === 1 ? "" : ` (${tries} times)`;
  const asked = `${[method, target].filter((part) => part !== null).join(" ")}${times}`;
  if (status === null) return `${asked} got no answer.`;
  const means = status >= 400 && status < 500 ? ", which shows that the platform can be reached" : "";
  return `${asked} was answered with ${status}${means}.`;
}

function endsOf(flows: FlowTable, row: number): Pick<ManualTest, "vm" | "platform"> {
  return {
    vm: { address: flows.vmAddressText(row) },
    platform: { address: flows.platformAddressText(row), port: flows.int(row, FlowField.platformPort) },
  };
}

function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}
