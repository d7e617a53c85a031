import { describe, expect, test } from "vitest";
import type { ProbeSeriesRecord } from "../../src/service/records.ts";
import { PLATFORM, tcpPacket } from "../support/flow-packets.ts";
import { ServiceScript, VM } from "../support/service-script.ts";

const SYN = 0x02;
const ACK = 0x10;
const ASK = "GET /healthz HTTP/1.1\r\nHost: 10.0.0.4:8080\r\n\r\n";

function ok(status = 200): string {
  return `HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`;
}

/** The only series. */
function seriesOf(script: ServiceScript): ProbeSeriesRecord {
  const [series, ...others] = script.end().services.probes;
  if (series === undefined || others.length > 0) throw new Error(`${others.length} more series`);
  return series;
}

function outcomes(script: ServiceScript): (string | null)[] {
  return seriesOf(script).probes.map(({ outcome }) => outcome);
}

/** A TCP probe as the load balancer makes it: open, silent for five seconds, closed by the probe. */
function tcpProbe(script: ServiceScript, platformPort: number): ServiceScript {
  return script
    .open(false, 443, platformPort)
    .at(script.atMs + 5003)
    .close(false, 443, platformPort);
}

describe("a series of TCP probes", () => {
  test("has each connection as a probe, and their distance", () => {
    const script = new ServiceScript();
    for (const port of [56360, 56450, 56540]) tcpProbe(script, port);
    expect(seriesOf(script)).toMatchObject({
      vmAddress: "10.0.0.4",
      vmPort: 443,
      platformAddress: "168.63.129.16",
      kind: "tcp",
      path: null,
      intervalMs: 5003,
      succeeded: 3,
      failed: 0,
      lastOutcome: "succeeded",
      transitions: [],
      flows: [0, 1, 2],
    });
  });

  test("succeeds with the handshake, while the connection is still open", () => {
    expect(outcomes(new ServiceScript().open(false, 443, 56000))).toEqual(["succeeded"]);
  });

  test("is refused by RST, with SYN and RST to show it", () => {
    const series = seriesOf(new ServiceScript().tcp(false, 443, 56000, SYN).reset(true, 443, 56000));
    expect(series.probes).toMatchObject([{ outcome: "refused", packets: [0, 1] }]);
  });

  test("is unanswered once its interval is over, and open until then", () => {
    const asked = (): ServiceScript => new ServiceScript().tcp(false, 443, 56000, SYN);
    expect(outcomes(asked().at(4999))).toEqual([null]);
    expect(outcomes(asked().at(5000))).toEqual(["unanswered"]);
    expect(seriesOf(asked().at(1)).lastOutcome).toBeNull();
  });

  test("is one probe with all its SYNs, also where the SYN-ACK never gets through", () => {
    const syn = tcpPacket({
      source: PLATFORM,
      destination: VM,
      sourcePort: 56000,
      destinationPort: 443,
      sequence: 5000,
      flags: SYN,
      identification: 9,
    });
    const script = new ServiceScript().tcp(false, 443, 56000, SYN).tcp(true, 443, 56000, 0x12).at(1000).packet(syn);
    expect(seriesOf(script.at(6000)).probes).toMatchObject([{ outcome: "unanswered", packets: [0, 1, 2] }]);
  });

  test("is reset when the VM sends RST before the probe closes, and not when it does after", () => {
    const early = new ServiceScript().open(false, 443, 56000).at(100).reset(true, 443, 56000);
    expect(seriesOf(early).probes).toMatchObject([{ outcome: "reset", packets: [3] }]);
    const late = new ServiceScript().open(false, 443, 56000).tcp(false, 443, 56000, 0x11).reset(true, 443, 56000);
    expect(outcomes(late)).toEqual(["succeeded"]);
  });

  test("is up for the load balancer also where the VM resets it after the handshake", () => {
    const script = tcpProbe(new ServiceScript(), 56000).open(false, 443, 56001).at(10_000).reset(true, 443, 56001);
    tcpProbe(script, 56002).open(false, 443, 56003).at(20_000).reset(true, 443, 56003);
    expect(seriesOf(script)).toMatchObject({ succeeded: 4, failed: 0, lastOutcome: "reset", transitions: [] });
  });

  test("goes down and up with its outcomes; what came before the first is not known", () => {
    const script = tcpProbe(new ServiceScript(), 56000);
    script.tcp(false, 443, 56001, SYN).reset(true, 443, 56001).at(10_000);
    tcpProbe(script, 56002);
    expect(seriesOf(script)).toMatchObject({
      succeeded: 2,
      failed: 1,
      transitions: [
        { atNs: 5003e6, to: "down" },
        { atNs: 10_000e6, to: "up" },
      ],
    });
  });
});

describe("a series of HTTP probes", () => {
  test("has each request of one connection as a probe", () => {
    const script = new ServiceScript().open(false, 8080, 56000);
    for (let turn = 0; turn < 3; turn++) {
      script
        .send(false, 8080, 56000, ASK)
        .send(true, 8080, 56000, ok())
        .at(script.atMs + 6000);
    }
    expect(seriesOf(script)).toMatchObject({
      kind: "http",
      path: "/healthz",
      intervalMs: 6000,
      succeeded: 3,
      flows: [0],
    });
  });

  test("fails with any status but 200", () => {
    const series = seriesOf(
      new ServiceScript().open(false, 8080, 56000).send(false, 8080, 56000, ASK).send(true, 8080, 56000, ok(302)),
    );
    expect(series.probes).toMatchObject([
      { outcome: "http-error", status: 302, requestUnanswered: false, packets: [3, 4] },
    ]);
  });

  test("fails when the request gets no answer in time, or before the probe closes", () => {
    const asked = (): ServiceScript => new ServiceScript().open(false, 8080, 56000).send(false, 8080, 56000, ASK);
    expect(outcomes(asked().at(4999))).toEqual([null]);
    expect(seriesOf(asked().at(5000)).probes).toMatchObject([
      { outcome: "unanswered", requestUnanswered: true, status: null },
    ]);
    expect(outcomes(asked().at(100).close(false, 8080, 56000))).toEqual(["unanswered"]);
    expect(outcomes(asked().at(8000).send(true, 8080, 56000, ok()))).toEqual(["unanswered"]);
  });

  test("neither fails nor succeeds when its answer was acknowledged and not captured, and the next ones go on", () => {
    const script = new ServiceScript().open(false, 8080, 56000);
    for (let turn = 0; turn < 3; turn++) {
      script.send(false, 8080, 56000, ASK);
      if (turn === 0) script.unseen(true, 8080, 56000, ok()).tcp(false, 8080, 56000, ACK);
      else script.send(true, 8080, 56000, ok());
      script.at(script.atMs + 5000);
    }
    expect(outcomes(script)).toEqual([null, "succeeded", "succeeded"]);
  });

  test("neither fails nor succeeds when the capture cut the answer before its status, and fails when there was none", () => {
    const ends = { source: PLATFORM, destination: VM, sourcePort: 57000, destinationPort: 8080 };
    const back = { source: VM, destination: PLATFORM, sourcePort: 8080, destinationPort: 57000 };
    const asked = (): ServiceScript =>
      new ServiceScript().open(false, 8080, 57000).packet(
        tcpPacket({
          ...ends,
          sequence: 5001,
          acknowledgment: 1001,
          flags: ACK,
          payload: "GET /healt",
          payloadBytes: 60,
          identification: 9,
        }),
      );
    const answer = { sequence: 1001, acknowledgment: 5061, flags: ACK, payload: "HTTP/1.1 2", payloadBytes: 80 };
    const answered = asked().packet(tcpPacket({ ...back, ...answer, identification: 10 }));
    expect(outcomes(answered.at(60_000))).toEqual([null]);
    expect(outcomes(asked().at(60_000))).toEqual(["unanswered"]);
  });

  test("is reset when the VM resets it instead of an answer", () => {
    const script = new ServiceScript().open(false, 8080, 56000).send(false, 8080, 56000, ASK).reset(true, 8080, 56000);
    expect(seriesOf(script)).toMatchObject({
      succeeded: 0,
      failed: 1,
      probes: [{ outcome: "reset", packets: [3, 4] }],
    });
  });
});

describe("a series of HTTPS probes", () => {
  const hello = Uint8Array.from([
    0x16,
    3,
    1,
    0,
    47,
    1,
    0,
    0,
    43,
    3,
    3,
    ...new Array<number>(32).fill(1),
    0,
    0,
    2,
    0x13,
    1,
    1,
    0,
    0,
    0,
  ]);
  const alert = Uint8Array.from([0x15, 3, 3, 0, 2, 2, 112]);

  test("fails with an alert", () => {
    const script = new ServiceScript()
      .open(false, 443, 56000)
      .send(false, 443, 56000, hello)
      .send(true, 443, 56000, alert);
    expect(seriesOf(script)).toMatchObject({ kind: "https", probes: [{ outcome: "tls-error", packets: [3, 4] }] });
  });

  test("fails when the connection ends within the handshake, and is open until then", () => {
    const begun = (): ServiceScript => new ServiceScript().open(false, 443, 56000).send(false, 443, 56000, hello);
    expect(outcomes(begun().at(1000))).toEqual([null]);
    expect(outcomes(begun().close(true, 443, 56000))).toEqual(["tls-error"]);
    expect(outcomes(begun().reset(true, 443, 56000))).toEqual(["tls-error"]);
  });
});

test("endpoints have series of their own, in order of their first probe", () => {
  const script = new ServiceScript()
    .open(false, 8080, 56000)
    .at(5)
    .open(false, 443, 56001)
    .at(10)
    .open(false, 8080, 56002);
  expect(script.end().services.probes.map(({ vmPort, flows }) => [vmPort, flows])).toEqual([
    [8080, [0, 2]],
    [443, [1]],
  ]);
});

test("probes whose flows left the table are still counted", () => {
  const script = new ServiceScript({ live: true, maxFlows: 4 });
  for (let port = 56000; port < 56020; port++) tcpProbe(script, port);
  expect(seriesOf(script)).toMatchObject({ succeeded: 20, intervalMs: 5003 });
});
