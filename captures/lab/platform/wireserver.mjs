/** The platform's HTTP side: WireServer on port 80 and HostGAPlugin on port 32526. Run inside the namespace `platform`. */
import { answerScenario } from "../answering.mjs";
import * as documents from "./documents.mjs";
import { listen } from "./http-server.mjs";

const WIRESERVER_PORT = 80;

let incarnation = 1;
let containerId = documents.CONTAINER_ID;
let settingsRevision = 1;
let goalStates = 0;
/** Answers that a scenario put in place of the normal ones: match is "METHOD:port:text in the target". */
let overrides = [];

const XML = { "Content-Type": "text/xml; charset=utf-8", Server: "Microsoft-IIS/10.0" };
const JSON_TYPE = { "Content-Type": "application/json; charset=utf-8", Server: "Microsoft-HTTPAPI/2.0" };

const ok = (headers, body) => ({ status: 200, reason: "OK", headers, body });
const BAD_REQUEST_PAGE =
  '<?xml version="1.0" encoding="utf-8"?>\n<Error xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">\n' +
  "  <Code>BadRequest</Code>\n  <Message>The request was not understood.</Message>\n  <Details>Unspecified comp parameter.</Details>\n</Error>";

function respond(request) {
  const override = overrides.find(({ match, times }) => times !== 0 && matches(match, request));
  if (override) {
    if (override.times) override.times--;
    return { headers: request.port === WIRESERVER_PORT ? XML : JSON_TYPE, ...override.answer };
  }
  return request.port === WIRESERVER_PORT ? wireServer(request) : hostGaPlugin(request);
}

function matches(match, request) {
  const [method, port, text] = match.split(":");
  return method === request.method && Number(port) === request.port && request.target.includes(text);
}

function wireServer({ method, target }) {
  const query = new URL(target, "http://platform").searchParams;
  const comp = query.get("comp");
  if (method === "POST") {
    if (target === "/HealthService") return ok({ ...JSON_TYPE, Server: "Microsoft-IIS/10.0" }, "");
    if (comp === "health") return ok({ ...XML, "x-ms-latest-goal-state-incarnation-number": String(incarnation) }, "");
    if (comp === "roleProperties") return { status: 202, reason: "Accepted", headers: XML, body: "" };
    if (comp === "telemetrydata") return ok(XML, "");
  }
  if (comp === "versions") return ok(XML, documents.VERSIONS);
  if (comp === "goalstate") {
    goalStates++;
    return ok(XML, documents.goalState(incarnation, containerId));
  }
  if (comp === "config") return ok(XML, documents.config(query.get("type"), incarnation));
  if (comp === "certificates") return ok(XML, documents.CERTIFICATES);
  return { status: 400, reason: "Bad Request", headers: XML, body: BAD_REQUEST_PAGE };
}

function hostGaPlugin({ method, target, headers }) {
  if (target === "/versions") return ok(JSON_TYPE, '["2015-09-01"]');
  if (target === "/health") return ok(JSON_TYPE, "");
  if (method === "PUT") return ok(JSON_TYPE, "");
  if (target === "/vmSettings") {
    const etag = `"${1200 + settingsRevision}"`;
    if (headers["if-none-match"] === etag)
      return { status: 304, reason: "Not Modified", headers: { ETag: etag, Server: "Microsoft-HTTPAPI/2.0" } };
    return ok({ ...JSON_TYPE, ETag: etag }, documents.vmSettings(settingsRevision));
  }
  return { status: 404, reason: "Not Found", headers: JSON_TYPE, body: "" };
}

const servers = [];

answerScenario(async (message) => {
  if (message.listen) {
    for (const port of message.listen.ports) servers.push(await listen(message.listen.address, port, respond));
  }
  if (message.override) overrides.unshift(message.override);
  if (message.clear) overrides = overrides.filter(({ match }) => match !== message.clear);
  if (message.stop) for (const server of servers.splice(0)) server.close();
  if (message.incarnation) incarnation = message.incarnation;
  if (message.containerId) containerId = message.containerId;
  if (message.settingsRevision) settingsRevision = message.settingsRevision;
  return { goalStates };
});
