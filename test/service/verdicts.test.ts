import { describe, expect, test } from "vitest";
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import type { ServiceName } from "../../src/report/report.ts";
import type { ServiceRecord } from "../../src/service/records.ts";
import { judgeServices, type ServiceFault } from "../../src/service/verdicts.ts";
import { dnsBytes } from "../support/dns.ts";
import { ServiceScript } from "../support/service-script.ts";

const POLL = "GET /machine/?comp=goalstate HTTP/1.1\r\n\r\n";

function answer(status: number): string {
  return `HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`;
}

/** One request on a connection of its own; null is answered by nothing. */
function request(script: ServiceScript, vmPort: number, status: number | null, target = POLL): ServiceScript {
  script
    .open(true, vmPort, 80)
    .send(true, vmPort, 80, target)
    .at(script.atMs + 2);
  if (status !== null) script.send(false, vmPort, 80, answer(status)).close(true, vmPort, 80);
  return script.at(script.atMs + 5998);
}

function fault(rule: string, title: string, lastNs = 0, severity: ServiceFault["severity"] = "critical"): ServiceFault {
  return { rule, severity, title, lastNs };
}

function judge(
  script: ServiceScript,
  faults: Partial<Record<ServiceName, ServiceFault[]>> = {},
  silenceTells = true,
): ServiceRecord[] {
  script.end();
  script.services.time.silenceTells = silenceTells;
  return judgeServices({
    services: script.services,
    tables: script.tracker,
    faultsOf: (service) => faults[service] ?? [],
    instantOf: (atNs) => `${atNs / 1e9}s`,
  });
}

function one(records: readonly ServiceRecord[], service: ServiceName): ServiceRecord | undefined {
  return records.find((record) => record.service === service);
}

describe("a service", () => {
  test("that the capture does not show is not seen; ICMP and other traffic are then left out", () => {
    const records = judge(new ServiceScript());
    expect(records.map(({ service, verdict }) => `${service} ${verdict}`)).toEqual([
      "wireserver not-seen",
      "hostga-plugin not-seen",
      "dns not-seen",
      "dhcp not-seen",
      "health-probe not-seen",
      "heartbeat not-seen",
    ]);
    expect(one(records, "wireserver")?.summary).toBe("No traffic with port 80 of the platform was captured.");
  });

  test("tells thousands as everywhere", () => {
    const script = new ServiceScript();
    for (let port = 20_000; port < 21_234; port++) request(script, port, 200);
    expect(one(judge(script), "wireserver")?.summary).toMatch(/^1,234 requests succeeded/);
  });

  test("that always succeeds is healthy", () => {
    const script = new ServiceScript();
    for (const port of [40000, 40001, 40002]) request(script, port, 200);
    expect(one(judge(script), "wireserver")).toEqual({
      service: "wireserver",
      verdict: "healthy",
      summary: "3 requests succeeded, median 2 ms.",
      flows: 3,
      succeeded: 3,
      failed: 0,
      responseMs: { median: 2, p95: 2, max: 2 },
    });
  });

  test("whose connection was refused a moment ago has failed; one that still waits for an answer has not", () => {
    const script = new ServiceScript();
    request(script, 40000, 200);
    script.tcp(true, 40001, 80, TcpFlag.syn).tcp(false, 40001, 80, TcpFlag.rst | TcpFlag.ack);
    script.tcp(true, 40002, 80, TcpFlag.syn).at(script.atMs + 100);
    expect(one(judge(script), "wireserver")).toMatchObject({ flows: 3, succeeded: 1, failed: 1 });
  });

  test("whose last attempts fail is failing, and says since when and why", () => {
    const script = request(new ServiceScript(), 40000, 200);
    for (const port of [40001, 40002, 40003]) script.tcp(true, port, 80, 0x02).at(script.atMs + 6000);
    const records = judge(script, { wireserver: [fault("handshake-unanswered", "Connection attempts get no answer")] });
    expect(one(records, "wireserver")).toMatchObject({
      verdict: "failing",
      summary: "The last 3 requests failed, since 6s: connection attempts get no answer.",
      succeeded: 1,
      failed: 3,
    });
  });

  test("that never succeeded is failing", () => {
    const script = new ServiceScript().tcp(true, 40000, 80, 0x02).at(6000);
    expect(one(judge(script), "wireserver")).toMatchObject({ verdict: "failing", summary: "The only request failed." });
  });

  test("whose failures are another's, as the heartbeat's requests, says where they are told", () => {
    const script = request(new ServiceScript(), 40000, 503);
    expect(one(judge(request(script, 40001, 200)), "heartbeat")).toMatchObject({
      verdict: "healthy",
      summary:
        "1 of 2 signs of life succeeded, median 2 ms, polling every 6 s; the agent lives, and what failed is told with the service that it asked.",
    });
  });

  test("that works for one of two clients and not for the other has not recovered", () => {
    const script = request(new ServiceScript(), 40000, 200);
    request(script, 40001, 503);
    for (const port of [40002, 40003]) request(script, port, 200);
    const records = judge(script, { wireserver: [fault("handshake-unanswered", "No answer", 13e9)] });
    expect(one(records, "wireserver")?.summary).toBe("3 of 4 requests succeeded, median 2 ms: no answer.");
  });

  test("that works again is degraded, and says since when", () => {
    const script = request(new ServiceScript(), 40000, 200);
    request(script, 40001, 503);
    for (const port of [40002, 40003]) request(script, port, 200);
    const records = judge(script, {
      wireserver: [fault("host-error", "The platform answers with errors", 6e9, "warning")],
    });
    expect(one(records, "wireserver")).toMatchObject({
      verdict: "degraded",
      summary: "3 of 4 requests succeeded, median 2 ms: the platform answers with errors. No failure since 12s.",
    });
  });

  test("is not said to be healthy where nothing came to its end", () => {
    const half = new ServiceScript().open(true, 40000, 80).send(true, 40000, 80, "GET /machine/?comp=goal").at(60_000);
    expect(one(judge(half), "wireserver")).toMatchObject({
      verdict: "not-seen",
      summary: "No request came to its end.",
      flows: 1,
    });
  });

  test("that was only connected to is told by its connections", () => {
    const connected = (): ServiceScript => {
      const script = new ServiceScript();
      for (const port of [40000, 40001, 40002]) script.open(true, port, 80).close(true, port, 80);
      return script;
    };
    expect(one(judge(connected()), "wireserver")?.summary).toBe("3 connections succeeded.");
    expect(one(judge(request(connected(), 40003, 200)), "wireserver")?.summary).toBe(
      "4 requests and connections succeeded, median 2 ms.",
    );
    const refused = connected()
      .tcp(true, 40004, 80, TcpFlag.syn)
      .tcp(false, 40004, 80, TcpFlag.rst | TcpFlag.ack);
    expect(one(judge(refused), "wireserver")?.summary).toBe("3 of 4 connections succeeded.");
  });

  test("with a notice alone is healthy", () => {
    const faults = { wireserver: [fault("secrets-in-capture", "Secrets", 0, "notice")] };
    expect(one(judge(request(new ServiceScript(), 40000, 200), faults), "wireserver")?.verdict).toBe("healthy");
  });

  test("is not failing for what is still on its way at the end", () => {
    const script = request(new ServiceScript(), 40000, 200).tcp(true, 40001, 80, 0x02).at(7000);
    expect(one(judge(script), "wireserver")).toMatchObject({ verdict: "healthy", failed: 0 });
    const asked = new ServiceScript().open(true, 40000, 80).send(true, 40000, 80, POLL).at(9000);
    expect(one(judge(asked), "wireserver")).toMatchObject({ succeeded: 0, failed: 0 });
  });

  test("answers a bare request by hand with 400, and works", () => {
    const script = request(new ServiceScript(), 40000, 400, "GET / HTTP/1.1\r\n\r\n");
    expect(one(judge(script), "wireserver")).toMatchObject({ verdict: "healthy", succeeded: 1 });
  });
});

test("DNS succeeds with an answer, also with one that says that there is no such name", () => {
  const script = new ServiceScript();
  for (const [index, code] of [0, 3, 2].entries()) {
    const questions = [{ name: "a", type: 1 }];
    const sides = { sourcePort: 40000 + index, destinationPort: 53 };
    script.udp(true, { ...sides, payload: dnsBytes({ flags: 0x0100, questions }) });
    script.udp(false, {
      sourcePort: 53,
      destinationPort: 40000 + index,
      payload: dnsBytes({ flags: 0x8180 | code, questions }),
    });
  }
  expect(one(judge(script), "dns")).toMatchObject({ succeeded: 2, failed: 1, flows: 3 });
});

describe("the heartbeat", () => {
  const report = (state: string, substatus: string): string => {
    const body = `<Health><State>${state}</State><Details><SubStatus>${substatus}</SubStatus></Details></Health>`;
    return `POST /machine?comp=health HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };

  test("is the agent's polling, with its interval", () => {
    const script = new ServiceScript();
    for (const port of [40000, 40001, 40002]) request(script, port, 200);
    expect(one(judge(script), "heartbeat")).toMatchObject({
      verdict: "healthy",
      summary: "3 signs of life succeeded, median 2 ms, polling every 6 s.",
      flows: 3,
    });
  });

  test("fails when the agent's last report says that the VM is not ready", () => {
    const script = request(new ServiceScript(), 40000, 200, report("NotReady", "ProvisioningFailed"));
    expect(one(judge(script), "heartbeat")).toMatchObject({
      verdict: "failing",
      summary: "The agent reported NotReady (ProvisioningFailed) at 0s.",
    });
  });

  test("is well when that was a step of the first boot, or Ready came after it", () => {
    expect(
      one(judge(request(new ServiceScript(), 40000, 200, report("NotReady", "Provisioning"))), "heartbeat")?.verdict,
    ).toBe("healthy");
    const script = request(new ServiceScript(), 40000, 200, report("NotReady", "ProvisioningFailed"));
    expect(one(judge(request(script, 40001, 200, report("Ready", ""))), "heartbeat")?.verdict).toBe("healthy");
  });

  test("fails when it stopped", () => {
    const script = new ServiceScript();
    for (const port of [40000, 40001, 40002]) request(script, port, 200);
    const faults = { heartbeat: [fault("heartbeat-stopped", "The VM agent's polling stopped")] };
    expect(one(judge(script, faults), "heartbeat")).toMatchObject({
      verdict: "failing",
      summary: "3 signs of life succeeded, median 2 ms, and then nothing: the VM agent's polling stopped.",
    });
  });
});

/** A DHCP message of the client or the server: op, type, and whether it has an option beside its type. */
function dhcp(reply: boolean, type: number | null, xid: number, bare = false): Uint8Array {
  const bytes = new Uint8Array(300);
  bytes.set([reply ? 2 : 1, 1, 6, 0, 0, 0, 0, xid]);
  bytes.set([0x00, 0x0d, 0x3a, 0, 0, 4], 28);
  bytes.set([0x63, 0x82, 0x53, 0x63, ...(type === null ? [] : [53, 1, type]), ...(bare ? [] : [60, 1, 65]), 255], 236);
  return bytes;
}

function dhcpScript(...messages: [reply: boolean, type: number | null, bare?: boolean][]): ServiceScript {
  const script = new ServiceScript();
  for (const [reply, type, bare = false] of messages) {
    const ports = reply ? { sourcePort: 67, destinationPort: 68 } : { sourcePort: 68, destinationPort: 67 };
    const addresses = reply ? {} : { source: "0.0.0.0", destination: "255.255.255.255" };
    script.udp(!reply, { ...addresses, ...ports, payload: dhcp(reply, type, 1, bare) }).at(script.atMs + 4000);
  }
  return script.at(script.atMs + 60_000);
}

describe("DHCP", () => {
  test("whose offers the client never takes up, but looks for a server again, has failed", () => {
    const ignored = dhcpScript([false, 1], [true, 2], [false, 1], [true, 2]);
    expect(one(judge(ignored), "dhcp")).toMatchObject({ verdict: "failing", succeeded: 0, failed: 1 });
    const taken = dhcpScript([false, 1], [true, 2], [false, 1], [true, 2], [false, 3], [true, 5]);
    expect(one(judge(taken), "dhcp")).toMatchObject({ verdict: "healthy", succeeded: 1, failed: 0 });
    const once = dhcpScript([false, 1, true], [true, 2]).at(4001);
    expect(one(judge(once), "dhcp")).toMatchObject({ verdict: "healthy", succeeded: 1 });
    const probe = dhcpScript([false, 1, true], [true, 2], [false, 1, true], [true, 2]);
    expect(one(judge(probe), "dhcp")).toMatchObject({ verdict: "healthy", succeeded: 1 });
  });

  test("an INFORM or a plain BOOTP request without an answer fails nothing", () => {
    for (const type of [8, null]) {
      const script = dhcpScript([false, type], [false, type], [false, type]);
      expect(one(judge(script), "dhcp")).toMatchObject({ verdict: "not-seen", failed: 0 });
    }
  });
});

describe("a capture of one direction", () => {
  test("shows no answer, so that none is missing", () => {
    const question = dnsBytes({ id: 1, flags: 0x0100, questions: [{ name: "example.com", type: 1 }] });
    const script = new ServiceScript();
    for (let port = 40_000; port < 40_005; port++) {
      script.udp(true, { sourcePort: port, destinationPort: 53, payload: question }).at(script.atMs + 5000);
    }
    script.tcp(true, 41_000, 80, TcpFlag.syn).at(script.atMs + 20_000);
    const records = judge(script, {}, false);
    expect(one(records, "dns")).toMatchObject({ verdict: "not-seen", succeeded: 0, failed: 0 });
    expect(one(records, "wireserver")).toMatchObject({ verdict: "not-seen", succeeded: 0, failed: 0 });
  });

  test("shows no answer to the agent's polls, which do not fail for that", () => {
    const script = request(request(new ServiceScript(), 41_000, null), 41_001, null);
    const heartbeat = one(judge(script.at(script.atMs + 20_000), {}, false), "heartbeat");
    expect(heartbeat).toMatchObject({ verdict: "not-seen", succeeded: 0, failed: 0 });
  });
});
