import { describe, expect, test } from "vitest";
import { serviceName } from "../../src/service/platform.ts";
import { dnsBytes } from "../support/dns.ts";
import { ServiceScript } from "../support/service-script.ts";

function services(script: ServiceScript): string[] {
  return Array.from({ length: script.tracker.flows.rows }, (_, flow) => serviceName(script.services.serviceOf(flow)));
}

const REQUEST = "GET /machine/?comp=goalstate HTTP/1.1\r\nHost: 168.63.129.16\r\n\r\n";
const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

describe("a conversation", () => {
  test("of the agent is an exchange of WireServer or HostGAPlugin", () => {
    const script = new ServiceScript()
      .open(true, 40000, 80)
      .send(true, 40000, 80, REQUEST)
      .at(2)
      .send(false, 40000, 80, ANSWER)
      .close(true, 40000, 80)
      .open(true, 40001, 32526)
      .send(true, 40001, 32526, "GET /vmSettings HTTP/1.1\r\n\r\n")
      .send(false, 40001, 32526, "HTTP/1.1 304 Same\r\n\r\n");
    expect(services(script)).toEqual(["wireserver", "hostga-plugin"]);
    expect(
      [...script.services.http].map(({ flow, service, operation, status, responseMs }) => ({
        flow,
        service,
        operation,
        status,
        responseMs,
      })),
    ).toEqual([
      { flow: 0, service: "wireserver", operation: "goal-state", status: 200, responseMs: 2 },
      { flow: 1, service: "hostga-plugin", operation: "vm-settings", status: 304, responseMs: 0 },
    ]);
  });

  test("of a resolver is DNS over both transports", () => {
    const query = dnsBytes({ id: 7, flags: 0x0100, questions: [{ name: "a.b", type: 1 }] });
    const answer = dnsBytes({ id: 7, flags: 0x8183, questions: [{ name: "a.b", type: 1 }] });
    const script = new ServiceScript()
      .udp(true, { sourcePort: 40000, destinationPort: 53, payload: query })
      .at(3)
      .udp(false, { sourcePort: 53, destinationPort: 40000, payload: answer })
      .open(true, 40001, 53)
      .send(true, 40001, 53, Uint8Array.of(0, query.length))
      .send(true, 40001, 53, query)
      .at(5)
      .send(false, 40001, 53, Uint8Array.of(0, answer.length, ...answer));
    expect(services(script)).toEqual(["dns", "dns"]);
    expect(
      [...script.services.dns].map(({ flow, transport, rcode, responseMs }) => ({
        flow,
        transport,
        rcode,
        responseMs,
      })),
    ).toEqual([
      { flow: 0, transport: "udp", rcode: "NXDOMAIN", responseMs: 3 },
      { flow: 1, transport: "tcp", rcode: "NXDOMAIN", responseMs: 2 },
    ]);
  });

  test("that the platform opens is a probe even towards port 53 or 80 of the VM", () => {
    const script = new ServiceScript().open(false, 80, 56000).open(false, 53, 56001).open(false, 22, 80);
    expect(services(script)).toEqual(["health-probe", "health-probe", "health-probe"]);
  });

  test("captured from its SYN-ACK on is known by who sent that", () => {
    const script = new ServiceScript().tcp(true, 50000, 1500, 0x12).tcp(false, 50001, 8080, 0x12);
    expect(services(script)).toEqual(["health-probe", "other"]);
  });

  test("captured from the middle is a probe when the platform asks, whatever its ports", () => {
    const script = new ServiceScript()
      .send(false, 60000, 50000, "GET /health HTTP/1.1\r\n\r\n")
      .send(true, 60000, 50000, ANSWER);
    expect(services(script)).toEqual(["health-probe"]);
    expect(script.services.probes).toMatchObject([{ vmPort: 60000, kind: "http", path: "/health", succeeded: 1 }]);
  });

  test("captured from the middle is no probe when the VM asks, whatever its ports", () => {
    const script = new ServiceScript().send(true, 1500, 8080, REQUEST).send(false, 1500, 8080, ANSWER);
    expect(services(script)).toEqual(["other"]);
    expect(script.services.probes).toEqual([]);
    expect(script.services.http).toHaveLength(0);
  });

  test("that was reset has its exchange as far as it went", () => {
    const script = new ServiceScript()
      .open(true, 40000, 80)
      .send(true, 40000, 80, REQUEST)
      .reset(false, 40000, 80)
      .end();
    expect([...script.services.http]).toMatchObject([{ status: null, completed: false }]);
  });

  test("that leaves the table takes its transactions with it", () => {
    const script = new ServiceScript({ live: true, maxFlows: 4 });
    for (let port = 40000; port < 40020; port++) {
      script
        .at(script.atMs + 1000)
        .open(true, port, 80)
        .send(true, port, 80, REQUEST)
        .send(false, port, 80, ANSWER)
        .close(true, port, 80);
    }
    expect(script.services.http.length).toBeLessThanOrEqual(4);
    for (const record of script.services.http) expect(record.service).toBe("wireserver");
  });
});
