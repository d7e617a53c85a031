import { describe, expect, test } from "vitest";
import { buildManualTests } from "../../src/report/build-manual-tests.ts";
import { instantsFrom } from "../../src/report/instants.ts";
import type { ManualTest } from "../../src/report/report.ts";
import { FlowOrder } from "../../src/rules/flow-order.ts";
import { PLATFORM, tcpPacket } from "../support/flow-packets.ts";
import { ServiceScript, VM } from "../support/service-script.ts";

const SYN = 0x02;
const SYN_ACK = 0x12;
const RST = 0x04;

function testsOf(script: ServiceScript): ManualTest[] {
  const { tracker, services } = script.end();
  return buildManualTests(tracker, services, new FlowOrder(tracker.flows), instantsFrom(0, 6));
}

const kindsOf = (script: ServiceScript): string[] => testsOf(script).map(({ kind, tries }) => `${tries} ${kind}`);

/** A connection of the VM that says nothing and lasts `heldMs`. */
function silent(script: ServiceScript, vmPort: number, platformPort: number, heldMs = 1): ServiceScript {
  return script
    .open(true, vmPort, platformPort)
    .at(script.atMs + heldMs)
    .close(true, vmPort, platformPort);
}

/** A SYN with this TTL, and its answer when it is answered, which the VM resets. */
function traced(script: ServiceScript, vmPort: number, ttl: number, answered: boolean): ServiceScript {
  const ends = { source: VM, destination: PLATFORM, sourcePort: vmPort, destinationPort: 80 };
  const back = { source: PLATFORM, destination: VM, sourcePort: 80, destinationPort: vmPort };
  script.packet(tcpPacket({ ...ends, flags: SYN, ttl, identification: vmPort }));
  if (!answered) return script;
  script.packet(tcpPacket({ ...back, flags: SYN_ACK, sequence: 5000, acknowledgment: 1001 }));
  return script.packet(tcpPacket({ ...ends, flags: RST, sequence: 1001, identification: vmPort + 1 }));
}

function request(script: ServiceScript, vmPort: number, head: string, status: number | null): ServiceScript {
  script.open(true, vmPort, 80).send(true, vmPort, 80, `${head}\r\n\r\n`);
  if (status !== null) script.send(false, vmPort, 80, `HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`);
  return script.close(true, vmPort, 80);
}

describe("connections without a word", () => {
  test("one that the VM opens and closes is a test of the port", () => {
    expect(testsOf(silent(new ServiceScript(), 50000, 32526))).toEqual([
      {
        ...{ kind: "port-test", tool: "Test-NetConnection or nc -z", certainty: "likely", tries: 1, answered: 1 },
        ...{ vm: { address: VM }, platform: { address: PLATFORM, port: 32526 }, flows: [0] },
        startedAt: "1970-01-01T00:00:00.000000Z",
        summary: "The connection was accepted in 0 ms.",
      },
    ]);
  });

  test("one that is held open for seconds is a prompt that somebody looks at", () => {
    expect(kindsOf(silent(new ServiceScript(), 50000, 80, 2001))).toEqual(["1 held-open"]);
    expect(kindsOf(silent(new ServiceScript(), 50000, 80, 2000))).toEqual(["1 port-test"]);
  });

  test("four of them a second apart are a TCP ping, three are port tests", () => {
    const series = (count: number, everyMs: number): ServiceScript => {
      const script = new ServiceScript();
      for (let index = 0; index < count; index++) silent(script.at(index * everyMs), 50000 + index, 80);
      return script;
    };
    expect(kindsOf(series(5, 1000))).toEqual(["5 tcp-ping"]);
    expect(kindsOf(series(3, 1000))).toEqual(["3 port-test"]);
    expect(kindsOf(series(4, 100))).toEqual(["4 port-test"]);
    expect(kindsOf(series(2, 6000))).toEqual(["1 port-test", "1 port-test"]);
  });

  test("what carries something, is not closed, is a probe or goes to another port is none", () => {
    const script = new ServiceScript();
    request(script, 50000, "GET /machine?comp=goalstate HTTP/1.1\r\nUser-Agent: WALinuxAgent/2.15", 200);
    script.open(true, 50001, 80);
    script.open(false, 443, 56360).close(false, 443, 56360);
    silent(script, 50002, 443);
    script.open(true, 50003, 80).close(false, 50003, 80);
    expect(testsOf(script)).toEqual([]);
  });
});

describe("SYNs with a TTL that no system begins with", () => {
  test("are a traceroute, and the smallest TTL that is answered is the number of hops", () => {
    const script = new ServiceScript();
    for (const [port, ttl] of [
      [50000, 1],
      [50001, 2],
      [50002, 3],
    ] as const) {
      traced(script, port, ttl, ttl > 1);
    }
    expect(testsOf(script)).toMatchObject([
      {
        ...{ kind: "tcp-traceroute", tool: "traceroute -T", certainty: "certain", tries: 3, answered: 2 },
        flows: [0, 1, 2],
        summary: "The platform is 2 hops away: that is the smallest TTL of a SYN that it answered.",
      },
    ]);
  });

  test("without an answer show that", () => {
    expect(testsOf(traced(new ServiceScript(), 50000, 30, false))).toMatchObject([
      { kind: "tcp-traceroute", answered: 0, summary: "None of 1 SYN was answered." },
    ]);
  });

  test("from a TTL of 31 on they are connections like any other", () => {
    expect(testsOf(traced(new ServiceScript(), 50000, 31, true))).toEqual([]);
  });
});

describe("requests", () => {
  test.each([
    ["curl/8.5.0", "curl"],
    ["Wget/1.21", "wget"],
    ["Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.17763.1", "PowerShell"],
    ["Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.20348; en-US) PowerShell/7.4.1", "PowerShell"],
    ["vipscope/0.1.0", "vipscope check"],
  ])("of %s are a test with %s", (userAgent, tool) => {
    const script = request(new ServiceScript(), 50000, `GET /?comp=versions HTTP/1.1\r\nUser-Agent: ${userAgent}`, 200);
    expect(testsOf(script)).toMatchObject([
      { kind: "http-request", tool, certainty: "certain", summary: "GET /?comp=versions was answered with 200." },
    ]);
  });

  test.each(["WALinuxAgent/2.15", "Cloud-Init/24.1", "notcurl/1", ""])("of %j are none", (userAgent) => {
    expect(testsOf(request(new ServiceScript(), 50000, `GET / HTTP/1.1\r\nUser-Agent: ${userAgent}`, 200))).toEqual([]);
  });

  test("for the same thing with the same answer are one; silence and a refusal say what they show", () => {
    const script = new ServiceScript();
    const head = "GET / HTTP/1.1\r\nUser-Agent: curl/8.5.0";
    for (const port of [50000, 50001]) request(script, port, head, 400);
    request(script, 50002, head, null);
    expect(testsOf(script).map(({ summary, tries, answered }) => [summary, tries, answered])).toEqual([
      ["GET / (2 times) was answered with 400, which shows that the platform can be reached.", 2, 2],
      ["GET / got no answer.", 1, 0],
    ]);
  });
});
