import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ServiceCode } from "../../src/service/platform.ts";
import type { HttpRecord } from "../../src/service/records.ts";
import { HttpScript } from "../support/http-script.ts";

const POLL =
  "GET /machine/?comp=goalstate HTTP/1.1\r\nHost: 168.63.129.16\r\nx-ms-agent-name: WALinuxAgent\r\nUser-Agent: WALinuxAgent/2.9.1\r\n\r\n";
const GOAL_STATE = "<GoalState><Version>2012-11-30</Version><Incarnation>7</Incarnation></GoalState>";
const HEALTH =
  "<Health><GoalStateIncarnation>3</GoalStateIncarnation><Container><RoleInstanceList><Role><Health><State>NotReady</State>" +
  "<Details><SubStatus>ProvisioningFailed</SubStatus><Description>no lease</Description></Details></Health></Role></RoleInstanceList></Container></Health>";

function answer(status: number, body: string, fields = ""): string {
  return `HTTP/1.1 ${status} X\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
}

function post(target: string, body: string, fields = ""): string {
  return `POST ${target} HTTP/1.1\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** The fields that a test is about. */
function told(records: readonly HttpRecord[], ...keys: (keyof HttpRecord)[]): Record<string, unknown>[] {
  return records.map((record) => Object.fromEntries(keys.map((key) => [key, record[key]])));
}

describe("one exchange", () => {
  test("has what both heads say, and the goal state's incarnation", () => {
    const { record } = new HttpScript().ask(POLL).answer(answer(200, GOAL_STATE));
    expect(
      told([record], "method", "target", "host", "agent", "userAgent", "operation", "status", "incarnation"),
    ).toEqual([
      {
        method: "GET",
        target: "/machine/?comp=goalstate",
        host: "168.63.129.16",
        agent: "WALinuxAgent",
        userAgent: "WALinuxAgent/2.9.1",
        operation: "goal-state",
        status: 200,
        incarnation: "7",
      },
    ]);
  });

  test("takes its time from the request's last byte to the response's first", () => {
    const { record } = new HttpScript()
      .ask("POST /machine?comp=telemetrydata HTTP/1.1\r\nContent-Length: 4\r\n\r\n")
      .ask("ab")
      .ask("cd")
      .answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx")
      .answer("y");
    expect([record.requestedNs, record.requestEndedNs, record.respondedNs, record.responseEndedNs]).toEqual([
      0, 2e6, 3e6, 4e6,
    ]);
    expect([record.responseMs, record.requestBytes, record.responseBytes]).toEqual([1, 4, 2]);
    expect([record.requestPacket, record.requestLastPacket, record.responsePacket, record.responseLastPacket]).toEqual([
      0, 2, 3, 4,
    ]);
    expect(record.completed).toBe(true);
  });

  test("without an answer has no status, and is not complete", () => {
    const { record } = new HttpScript().ask(POLL).fin(true).reset();
    expect(told([record], "status", "respondedNs", "responseMs", "responseBytes", "completed", "cutByCapture")).toEqual(
      [
        {
          status: null,
          respondedNs: null,
          responseMs: null,
          responseBytes: null,
          completed: false,
          cutByCapture: false,
        },
      ],
    );
  });

  test("tells a health report as it was sent", () => {
    const { record } = new HttpScript().ask(post("/machine?comp=health", HEALTH)).answer(answer(200, ""));
    expect(record.health).toEqual({ state: "NotReady", substatus: "ProvisioningFailed", description: "no lease" });
    expect(record.incarnation).toBe("3");
    expect(record.operation).toBe("report-health");
  });

  test("names the error that the answer's body holds", () => {
    const body = '{"errorCode":"InvalidContainerConfiguration","message":"The container id does not match"}';
    const { record } = new HttpScript(ServiceCode.hostgaPlugin)
      .ask("GET /vmSettings HTTP/1.1\r\n\r\n")
      .answer(answer(400, body));
    expect([record.operation, record.errorCode]).toEqual(["vm-settings", "InvalidContainerConfiguration"]);
  });

  test("never keeps a secret of its target, and says which kinds of secrets it holds", () => {
    const script = new HttpScript().ask(
      "GET /machine/plugins/?comp=nmagent&type=a/authenticationToken/s3cret/api-version/1&sig=abc HTTP/1.1\r\n\r\n",
    );
    expect(script.record.target).toBe(
      "/machine/plugins/?comp=nmagent&type=a/authenticationToken/REDACTED/api-version/1&sig=REDACTED",
    );
    expect(script.record.secrets).toEqual(["sas-signature", "authentication-token"]);
    expect(script.record.operation).toBe("network-agent-plugins");
  });

  test("of settings and status says that they are readable in the capture", () => {
    const settings = new HttpScript(ServiceCode.hostgaPlugin)
      .ask("GET /vmSettings HTTP/1.1\r\n\r\n")
      .answer(answer(200, "{}"));
    expect(settings.record.secrets).toEqual(["goal-state-settings"]);
    const unchanged = new HttpScript(ServiceCode.hostgaPlugin)
      .ask("GET /vmSettings HTTP/1.1\r\n\r\n")
      .answer("HTTP/1.1 304 Not Modified\r\n\r\n");
    expect(unchanged.record.secrets).toEqual([]);
    const body = '{"content":"e30=","requestUri":"https://a/b?sig=x"}';
    const status = new HttpScript(ServiceCode.hostgaPlugin).ask(
      `PUT /status HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(status.record.secrets).toEqual(["sas-signature", "status-content"]);
  });

  test("asked of a proxy is told from one asked of the server", () => {
    expect(new HttpScript().ask("GET http://168.63.129.16/?comp=versions HTTP/1.1\r\n\r\n").record.proxyForm).toBe(
      true,
    );
    expect(new HttpScript().ask("CONNECT 168.63.129.16:80 HTTP/1.1\r\n\r\n").record.proxyForm).toBe(true);
    expect(new HttpScript().ask(POLL).record.proxyForm).toBe(false);
  });
});

describe("the end of a message", () => {
  const next = "GET /b HTTP/1.1\r\n\r\n";

  test("of a chunked body is its last chunk and trailer", () => {
    const { records } = new HttpScript()
      .ask("GET /a HTTP/1.1\r\n\r\n", next)
      .answer(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nabcd\r\n2\r\nef\r\n0\r\nT: v\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
      );
    expect(told(records, "status", "responseBytes")).toEqual([
      { status: 200, responseBytes: 6 },
      { status: 204, responseBytes: 0 },
    ]);
  });

  test("of an answer to HEAD, and of 304, is its head", () => {
    const { records } = new HttpScript()
      .ask("HEAD /a HTTP/1.1\r\n\r\n", next)
      .answer("HTTP/1.1 400 Bad\r\nContent-Length: 323\r\n\r\nHTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n");
    expect(told(records, "method", "status", "responseBytes")).toEqual([
      { method: "HEAD", status: 400, responseBytes: 0 },
      { method: "GET", status: 304, responseBytes: 0 },
    ]);
  });

  test("of a body without a length is the end of the connection", () => {
    const script = new HttpScript().ask(POLL).answer("HTTP/1.0 200 OK\r\n\r\nabc").answer("defg");
    expect(script.record.completed).toBe(false);
    script.fin(false);
    expect([script.record.completed, script.record.responseBytes]).toEqual([true, 7]);
  });

  test("is not reached when the connection is reset within the body", () => {
    const { record } = new HttpScript().ask(POLL).answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc").reset();
    expect([record.completed, record.responseBytes, record.cutByCapture]).toEqual([false, null, false]);
  });

  test("is not that of an interim answer", () => {
    const { record } = new HttpScript()
      .ask("PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
      .answer("HTTP/1.1 100 Continue\r\n\r\n")
      .ask("ab")
      .answer(answer(201, ""));
    expect([record.status, record.responseMs]).toEqual([201, 1]);
  });

  test("comes never once the connection is upgraded", () => {
    const { records } = new HttpScript()
      .ask("GET /a HTTP/1.1\r\nUpgrade: x\r\n\r\n")
      .answer("HTTP/1.1 101 Switching\r\n\r\nGET / HTTP/1.1\r\n\r\n")
      .ask("GET /b HTTP/1.1\r\n\r\n");
    expect(told(records, "target", "status")).toEqual([{ target: "/a", status: 101 }]);
  });
});

describe("a connection that is not whole", () => {
  test("captured from the middle begins with the first head", () => {
    const { records } = new HttpScript()
      .answer("rest of a body")
      .answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      .ask("end of a body")
      .ask(POLL)
      .answer(answer(200, GOAL_STATE));
    expect(told(records, "method", "status", "cutByCapture")).toEqual([
      { method: null, status: 200, cutByCapture: true },
      { method: "GET", status: 200, cutByCapture: false },
    ]);
  });

  test("goes on after a hole in a body of known length", () => {
    const { records } = new HttpScript()
      .ask(POLL)
      .answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
      .gap(false, 90)
      .answer("1234567HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
    expect(told(records, "status", "responseBytes")).toEqual([
      { status: 200, responseBytes: 100 },
      { status: 404, responseBytes: 0 },
    ]);
  });

  test("an answer that was not captured leaves its request without one, and all that follow keep theirs", () => {
    const { records } = new HttpScript()
      .ask(POLL)
      .gap(false, 126)
      .ask(POLL)
      .answer("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")
      .ask(POLL);
    expect(told(records, "status", "answerLost", "cutByCapture")).toEqual([
      { status: null, answerLost: true, cutByCapture: true },
      { status: 404, answerLost: false, cutByCapture: false },
      { status: null, answerLost: false, cutByCapture: false },
    ]);
  });

  test("tells of a head cut by the snap length what is there, and finds the next", () => {
    const { records } = new HttpScript()
      .ask("GET /machine/?comp=goalstate HTTP/1.1\r\nHost: 168.6")
      .gap(true, 100)
      .answer("HTTP/1.1 200 OK\r\nContent-Le")
      .gap(false, 1400)
      .answer("<Goal")
      .gap(false, 1400)
      .ask("GET /?comp=versions HTTP/1.1\r\nHost: 168.6")
      .gap(true, 100)
      .answer("HTTP/1.1 503 Busy\r\nContent-Le")
      .gap(false, 300);
    expect(told(records, "operation", "status", "cutByCapture", "requestBytes", "responseBytes")).toEqual([
      { operation: "goal-state", status: 200, cutByCapture: true, requestBytes: null, responseBytes: null },
      { operation: "versions", status: 503, cutByCapture: true, requestBytes: null, responseBytes: null },
    ]);
  });

  test("is found behind a PROXY header of either version", () => {
    expect(new HttpScript().ask("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET /a HTTP/1.1\r\n\r\n").record.target).toBe("/a");
    expect(new HttpScript().ask("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\u0002xyGET /a HTTP/1.1\r\n\r\n").record.target).toBe(
      "/a",
    );
  });

  test("that speaks no HTTP has no exchanges", () => {
    expect(new HttpScript().ask("\u0016\u0003\u0001\0").answer("SSH-2.0-x\r\n").records).toEqual([]);
  });
});

test("pipelined requests get their answers in order, and unanswered ones stay so", () => {
  const { records } = new HttpScript()
    .ask("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n")
    .ask("GET /3 HTTP/1.1\r\n\r\n")
    .answer(`${answer(200, "a")}${answer(404, "b")}`);
  expect(told(records, "target", "status")).toEqual([
    { target: "/1", status: 200 },
    { target: "/2", status: 404 },
    { target: "/3", status: null },
  ]);
});

test("only what is out of the ordinary is notable", () => {
  const script = new HttpScript().ask(POLL).answer(answer(200, "")).ask(POLL).answer(answer(410, "")).ask(POLL);
  script.packet += 200;
  script.answer(answer(200, "")).ask(POLL);
  expect(told(script.rows.notable(), "id", "status", "responseMs")).toEqual([
    { id: 1, status: 410, responseMs: 1 },
    { id: 2, status: 200, responseMs: 201 },
    { id: 3, status: null, responseMs: null },
  ]);
});

test("rows of a flow that was released are told no more, and its row can carry another connection", () => {
  const script = new HttpScript().ask(POLL);
  script.exchanges.released(0);
  expect(script.records).toEqual([]);
  expect(script.ask("GET /new HTTP/1.1\r\n\r\n").record.target).toBe("/new");
});

const CLIENT = `PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n${POLL}${post("/machine?comp=health", HEALTH)}GET /a?sig=x HTTP/1.1\r\n\r\nHEAD /b HTTP/1.1\n\n`;
const SERVER = `HTTP/1.1 100 Continue\r\n\r\n${answer(200, GOAL_STATE)}${answer(500, '{"code":"Broken"}')}HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n${"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"}`;

/** Everything of the exchanges as plain data. */
function everything(script: HttpScript): unknown[] {
  return told(
    script.records,
    ...([
      "method",
      "target",
      "host",
      "agent",
      "operation",
      "requestedNs",
      "requestEndedNs",
      "respondedNs",
      "responseEndedNs",
    ] as const),
    ...([
      "status",
      "requestBytes",
      "responseBytes",
      "health",
      "incarnation",
      "errorCode",
      "secrets",
      "completed",
    ] as const),
    ...(["cutByCapture", "requestPacket", "requestLastPacket", "responsePacket", "responseLastPacket"] as const),
  );
}

function split(text: string, places: readonly number[]): string[] {
  const cuts = [0, ...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length];
  return cuts.slice(1).map((cut, index) => text.slice(cuts[index], cut));
}

test("a stream gives the same exchanges however it is cut into pieces", () => {
  const whole = everything(new HttpScript().ask(CLIENT).answer(SERVER));
  expect(whole).toHaveLength(4);
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 20 }), (asked, answered) => {
      const script = new HttpScript().ask(...split(CLIENT, asked)).answer(...split(SERVER, answered));
      expect(everything(script)).toEqual(whole);
    }),
  );
  expect(everything(new HttpScript().ask(...CLIENT).answer(...SERVER))).toEqual(whole);
});

test("no stream, with no holes, can break the pairing", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      POLL,
      SERVER,
      CLIENT,
      "HTTP/1.1 200 OK\r\n",
      "Transfer-Encoding: chunked\r\n\r\n",
      "ffffffff\r\n",
      "\r\n\r\n",
    ),
    fc.string(),
  );
  const step = fc.record({
    kind: fc.constantFrom("ask", "answer", "gapTo", "gapFrom", "fin", "reset"),
    piece,
    bytes: fc.nat(5000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const script = new HttpScript();
      for (const { kind, piece: text, bytes } of steps) {
        if (kind === "ask") script.ask(text);
        else if (kind === "answer") script.answer(text);
        else if (kind === "gapTo") script.gap(true, bytes);
        else if (kind === "gapFrom") script.gap(false, bytes);
        else if (kind === "fin") script.fin(true);
        else script.reset();
      }
      for (const record of script.records) expect(record.responseMs ?? 0).toBeGreaterThanOrEqual(0);
    }),
  );
});
