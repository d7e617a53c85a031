import fc from "fast-check";
import { expect, test } from "vitest";
import { readErrorBody, readGoalState, readHealthReport } from "../../src/decode/agent-bodies.ts";
import { placed } from "../support/examples.ts";

type Reader = (view: DataView, start: number, end: number) => unknown;
const read = (reader: Reader, text: string, filler = 0x3c) => {
  const { view, start, end } = placed(new TextEncoder().encode(text), filler);
  return reader(view, start, end);
};

const HEALTH = `<?xml version="1.0" encoding="utf-8"?>
<Health xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<GoalStateIncarnation>16</GoalStateIncarnation><Container><ContainerId>c6d5526c</ContainerId><RoleInstanceList><Role>
<InstanceId>MachineRole_IN_0</InstanceId><Health><State>NotReady</State><Details><SubStatus>ProvisioningFailed</SubStatus>
<Description>result=error|reason=failure to find DHCP interface &lt;eth0&gt; &#38; more</Description></Details></Health></Role></RoleInstanceList></Container></Health>`;

test("a health report tells state, substatus, description and incarnation", () => {
  expect(read(readHealthReport, HEALTH)).toEqual({
    state: "NotReady",
    substatus: "ProvisioningFailed",
    description: "result=error|reason=failure to find DHCP interface <eth0> & more",
    incarnation: "16",
  });
});

test("a Ready report has no details", () => {
  const body = "\ufeff<Health><Health> <State> Ready </State><Details/></Health></Health>";
  expect(read(readHealthReport, body)).toEqual({
    state: "Ready",
    substatus: null,
    description: null,
    incarnation: null,
  });
});

test("a goal state tells its incarnation and the state that is expected", () => {
  const body =
    "<GoalState><Version>2012-11-30</Version><Incarnation>1</Incarnation><Machine><ExpectedState>Started</ExpectedState>";
  expect(read(readGoalState, body)).toEqual({ incarnation: "1", expectedState: "Started" });
  expect(read(readGoalState, "<Versions><Preferred/></Versions>")).toBeNull();
});

test.each([
  [
    "JSON of HostGAPlugin",
    '{ "errorCode": "VMArtifactsProfileBlobContentNotFound", "message": "VM artifacts profile blob has no content in it.", "details": ""}',
    { code: "VMArtifactsProfileBlobContentNotFound", message: "VM artifacts profile blob has no content in it." },
  ],
  [
    "JSON one level down",
    '{"error":{"code":"ResourceGone","message":"The \\"container\\"\\n is \\u0067one"}}',
    { code: "ResourceGone", message: 'The "container"\\n is gone' },
  ],
  [
    "XML of WireServer",
    '<?xml version="1.0"?><Error xmlns:x="y"><Code>InvalidContainerConfiguration</Code><Message>A &amp; B</Message></Error>',
    { code: "InvalidContainerConfiguration", message: "A & B" },
  ],
  [
    "HTML of HTTP.sys",
    "<!DOCTYPE HTML><HTML><HEAD><TITLE>Service Unavailable</TITLE>",
    { code: null, message: "Service Unavailable" },
  ],
  ["CDATA", "<Error><Code><![CDATA[<&lt;>]]></Code></Error>", { code: "<&lt;>", message: null }],
])("an error is read from %s", (_, body, expected) => {
  expect(read(readErrorBody, body)).toEqual(expected);
});

test("a key within a value, another name and a number are not taken for a string", () => {
  expect(read(readErrorBody, '{"x":"code", "codes":"a", "code": 5, "message":"m"}')).toEqual({
    code: null,
    message: "m",
  });
  expect(read(readHealthReport, "<States>no</States><StateX>no</StateX>")).toBeNull();
});

test("a value whose end is not there is not told", () => {
  expect(read(readHealthReport, "<State>Rea")).toBeNull();
  expect(read(readErrorBody, '{"code":"Resource')).toBeNull();
  expect(read(readErrorBody, '{"code":"Resource\\')).toBeNull();
});

test("text is made safe to print, also when it is written with escapes", () => {
  const body = "<State>R\u001b[2J&#27;&#x202e;\u009b&#x110000;</State>";
  expect(read(readHealthReport, body)).toMatchObject({ state: "R\\x1b[2J\\x1b\\u{202E}\\u{9B}&#x110000;" });
  expect(read(readErrorBody, '{"code":"\\u001b\\ud800"}')).toMatchObject({ code: "\\x1b\\u{D800}" });
});

test("a hostile body takes no longer than its length", () => {
  const bodies = ["<State", "<State ", '"code"', '"code" ', '{"code":"\\', "<Code><![CDATA[", "&#", "&#x41"];
  for (const body of bodies) {
    const startedAt = performance.now();
    for (const reader of [readHealthReport, readGoalState, readErrorBody]) read(reader, `{${body.repeat(10_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(200);
  }
});

test("what lies around the body never changes the result, and nothing is thrown", () => {
  const piece = fc.constantFrom(
    "<State>",
    "</State>",
    "<Code>",
    '"code"',
    ":",
    '"',
    "\\",
    "{",
    "&lt;",
    "x",
    "<",
    ">",
    "<![CDATA[",
    "\u00e9",
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      for (const reader of [readHealthReport, readGoalState, readErrorBody]) {
        expect(read(reader, pieces.join(""), 0x00)).toEqual(read(reader, pieces.join(""), 0x3e));
      }
    }),
  );
});
