/** Sparklines count what the services' answers count. */
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { analyze } from "../../src/analyzer.ts";
import { openStream } from "../../src/capture/open.ts";
import { SourceFacts } from "../../src/capture/source-facts.ts";
import { DEFAULT_OPTIONS } from "../support/analyze.ts";
import { Conversation } from "../support/conversation.ts";
import { captureOf, type TimedPacket } from "../support/segments.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const POLL = "GET /machine/?comp=goalstate HTTP/1.1\r\n\r\n";
const PROBE = "GET /healthz HTTP/1.1\r\nHost: 10.0.0.4:8080\r\n\r\n";

/** Of each service that was seen: what its answer and its sparkline count. */
async function countsOf(packets: readonly TimedPacket[]): Promise<Record<string, unknown>> {
  const facts = new SourceFacts("test.pcap");
  const stream = Readable.from([captureOf(packets)]);
  const analysis = await analyze(
    async (options) => ({ facts: [facts], records: await openStream(stream, 0, options, facts) }),
    DEFAULT_OPTIONS,
  );
  const { services } = analysis.finish();
  const { activity } = analysis.activity();
  const sum = (counts: readonly number[] = []): number => counts.reduce((all, count) => all + count, 0);
  const counts = services
    .filter(({ flows }) => flows > 0)
    .map(({ service, verdict, succeeded, failed }) => {
      const { [service]: drawn } = activity;
      return [service, { verdict, told: [succeeded, failed], drawn: [sum(drawn?.succeeded), sum(drawn?.failed)] }];
    });
  analysis.close();
  return Object.fromEntries(counts);
}

/** Polls of the agent, or probes of the load balancer, six seconds apart. */
function conversations(byVm: boolean): Conversation[] {
  return Array.from({ length: 5 }, (_, index) =>
    byVm
      ? new Conversation(true, 50_000 + index, 80, index * 6000).open().ask(POLL).answer(OK).close()
      : new Conversation(false, 8080, 50_000 + index, index * 6000).open().ask(PROBE).answer(OK).close(),
  );
}

/** The packets that the VM sends, or those of the platform. */
function sentBy(vm: boolean, all: readonly Conversation[]): TimedPacket[] {
  return all.flatMap((one) => one.packetsBy(vm));
}

test("in a capture of both directions", async () => {
  const all = [...conversations(true), ...conversations(false)];
  const packets = all.flatMap((one) => one.packets).sort((one, other) => one.atNs - other.atNs);
  expect(await countsOf(packets)).toEqual({
    wireserver: { verdict: "healthy", told: [5, 0], drawn: [5, 0] },
    "health-probe": { verdict: "healthy", told: [5, 0], drawn: [5, 0] },
    heartbeat: { verdict: "healthy", told: [5, 0], drawn: [5, 0] },
  });
});

test("in a capture of requests alone, whose answers nobody saw", async () => {
  expect(await countsOf(sentBy(true, conversations(true)))).toEqual({
    wireserver: { verdict: "not-seen", told: [0, 0], drawn: [0, 0] },
    heartbeat: { verdict: "not-seen", told: [0, 0], drawn: [0, 0] },
  });
  expect(await countsOf(sentBy(false, conversations(false)))).toEqual({
    "health-probe": { verdict: "not-seen", told: [0, 0], drawn: [0, 0] },
  });
});
