/**
 * Speaks as the Linux agent does: the same requests in the same order and rhythm, one connection for each, closed by the client first,
 * header and body in segments of their own. Run inside the namespace `vm`.
 */
import net from "node:net";
import { answerScenario } from "../answering.mjs";
import {
  agentStatus,
  CONFIG_NAME,
  CONTAINER_ID,
  ROLE_INSTANCE,
  ROLE_INSTANCE_ENCODED,
  sasUrl,
} from "../platform/documents.mjs";

const AGENT = "WALinuxAgent/2.15.0.1";
const POLL_MS = 6000;
const HEARTBEAT_MS = 60_000;
const TIMEOUT_MS = 10_000;
/** Waits between tries, in seconds. */
const RETRY_SECONDS = [1, 2, 3, 5, 8];
const GAP_BEFORE_BODY_MS = 3;

let settings = {
  address: "168.63.129.16",
  localAddress: undefined,
  timeoutMs: TIMEOUT_MS,
  tries: 6,
  hostGaPlugin: true,
  status: true,
};
let containerId = CONTAINER_ID;
let incarnation = 1;
let etag = null;
let polling = null;

/** One request on a connection of its own; `{ status, headers, body }`, or null when there was no answer in time. */
function once(port, method, target, headers, body) {
  const host = port === 80 ? settings.address : `${settings.address}:${port}`;
  const length = body === undefined ? {} : { "Content-Length": Buffer.byteLength(body) };
  const fields = {
    Host: host,
    "Accept-Encoding": "identity",
    ...length,
    ...headers,
    Connection: "close",
    "User-Agent": AGENT,
  };
  const head = [
    `${method} ${target} HTTP/1.1`,
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ].join("\r\n");
  return new Promise((resolve) => {
    const socket = net.connect({
      host: settings.address,
      port,
      localAddress: settings.localAddress,
      noDelay: true,
      allowHalfOpen: true,
    });
    let received = "";
    const finish = (answer) => {
      clearTimeout(timer);
      if (answer) socket.end();
      else socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(null), settings.timeoutMs);
    socket.on("error", () => finish(null));
    socket.on("end", () => finish(parseAnswer(received)));
    socket.on("connect", () => {
      socket.write(head);
      if (body) setTimeout(() => socket.writable && socket.write(body), GAP_BEFORE_BODY_MS);
    });
    socket.on("data", (data) => {
      received += data.toString("latin1");
      const answer = parseAnswer(received);
      if (answer) finish(answer);
    });
  });
}

function parseAnswer(text) {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return null;
  const [first, ...lines] = text.slice(0, headEnd).split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(":")[0].toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const body = text.slice(headEnd + 4);
  if (body.length < Number(headers["content-length"] ?? 0)) return null;
  return { status: Number(first.split(" ")[1]), headers, body };
}

/** A request with the agent's retries: after silence, after a server error or throttling; a 410 makes it fetch the goal state. */
async function request(port, method, target, headers, body) {
  for (let attempt = 1; ; attempt++) {
    const answer = await once(port, method, target, headers, body);
    if (answer && answer.status < 500 && ![403, 429].includes(answer.status)) return answer;
    if (attempt >= settings.tries) return answer;
    const throttled = answer && [403, 429, 503].includes(answer.status);
    await sleep(1000 * (throttled ? 1 : RETRY_SECONDS[attempt - 1]));
  }
}

const WIRE_HEADERS = { "x-ms-agent-name": "WALinuxAgent", "x-ms-version": "2012-11-30" };
const pluginHeaders = () => ({
  "x-ms-version": "2015-09-01",
  "x-ms-containerid": containerId,
  "x-ms-host-config-name": `${CONFIG_NAME}.${incarnation}.xml`,
});

/** Every operation of the agent by name. */
const operations = {
  versions: () => request(80, "GET", "/?comp=versions", {}),
  async goalState() {
    const answer = await request(80, "GET", "/machine/?comp=goalstate", WIRE_HEADERS);
    containerId = answer?.body.match(/<ContainerId>(.*)<\/ContainerId>/)?.[1] ?? containerId;
    incarnation = answer?.body.match(/<Incarnation>(.*)<\/Incarnation>/)?.[1] ?? incarnation;
    return answer;
  },
  config: (type) =>
    request(80, "GET", `${machine()}?comp=config&type=${type}&incarnation=${incarnation}`, WIRE_HEADERS),
  certificates: () =>
    request(80, "GET", `${machine()}?comp=certificates&incarnation=${incarnation}`, {
      ...WIRE_HEADERS,
      "x-ms-cipher-name": "AES128_CBC",
      "x-ms-guest-agent-public-x509-cert": `MIIDFAKEfakeCERTIFICATE${"FAKEfakePUBLICkey0123456789".repeat(30)}==`,
    }),
  health: (state, subStatus, description) =>
    request(
      80,
      "POST",
      "/machine?comp=health",
      { ...WIRE_HEADERS, "Content-Type": "text/xml;charset=utf-8" },
      healthReport(state, subStatus, description),
    ),
  roleProperties: () =>
    request(
      ...[80, "POST", "/machine?comp=roleProperties", { ...WIRE_HEADERS, "Content-Type": "text/xml;charset=utf-8" }],
      `<?xml version="1.0" encoding="utf-8"?><RoleProperties><Container><ContainerId>${containerId}</ContainerId><RoleInstances><RoleInstance><Id>${ROLE_INSTANCE}</Id><Properties><Property name="CertificateThumbprint" value="FA4E00000000000000000000000000000000FA4E" /></Properties></RoleInstance></RoleInstances></Container></RoleProperties>`,
    ),
  telemetry: () =>
    request(
      ...[80, "POST", "/machine?comp=telemetrydata", { ...WIRE_HEADERS, "Content-Type": "text/xml;charset=utf-8" }],
      `<?xml version="1.0"?><TelemetryData version="1.0"><Provider id="69B669B9-4AF8-4C50-BDC4-6006FA76E975"><Event id="1"><![CDATA[<Param Name="Name" Value="WALinuxAgent" T="mt:wstr" /><Param Name="Operation" Value="HeartBeat" T="mt:wstr" /><Param Name="OperationSuccess" Value="True" T="mt:bool" /><Param Name="Message" Value="" T="mt:wstr" />]]></Event></Provider></TelemetryData>`,
    ),
  healthService: (isHealthy = true) =>
    request(
      ...[80, "POST", "/HealthService", { ...WIRE_HEADERS, "Content-Type": "application/json" }],
      JSON.stringify({
        Api: "reporttargethealth",
        Version: "1.0",
        Source: "WALinuxAgent",
        Observations: [
          { ObservationName: "GuestAgentPluginHeartbeat", IsHealthy: isHealthy, Description: "", Value: "" },
        ],
      }),
    ),
  pluginVersions: () => request(32526, "GET", "/versions", { "x-ms-containerid": containerId }),
  pluginHealth: () => once(32526, "GET", "/health", {}),
  async vmSettings() {
    const condition = etag ? { "if-none-match": etag } : {};
    const correlation = { "x-ms-client-correlationid": "5f3c9f0e-2d55-4c6b-a1a7-51b3b6a8d7f0" };
    const answer = await request(32526, "GET", "/vmSettings", { ...pluginHeaders(), ...correlation, ...condition });
    if (answer?.status === 200) etag = answer.headers["etag"];
    return answer;
  },
  status: () =>
    request(
      ...[32526, "PUT", "/status", { ...pluginHeaders(), "Content-type": "application/json" }],
      JSON.stringify({
        content: Buffer.from(agentStatus(new Date().toISOString())).toString("base64"),
        headers: [
          { headerName: "x-ms-version", headerValue: "2014-02-14" },
          { headerName: "x-ms-blob-type", headerValue: "BlockBlob" },
        ],
        requestUri: sasUrl("status"),
      }),
    ),
  log: (bytes = 40_000) =>
    request(
      ...[32526, "PUT", "/vmAgentLog"],
      {
        "x-ms-containerid": containerId,
        "x-ms-vmagentlog-deploymentid": "b2f6a9f1-3d4c-4f0e-8a57-5b8b6f0d9c11",
        "x-ms-client-name": "WALinuxAgent",
        "x-ms-client-version": "2.15.0.1",
        "x-ms-client-correlationid": "0e1ab1b2-5b2b-4f63-9b43-0c6f26f7b6a1",
      },
      "FAKELOG.".repeat(bytes / 8),
    ),
};

const machine = () => `/machine/${containerId}/${ROLE_INSTANCE_ENCODED}`;

function healthReport(state, subStatus, description) {
  const details = subStatus
    ? `<Details><SubStatus>${subStatus}</SubStatus><Description>${description}</Description></Details>`
    : "";
  return (
    `<?xml version="1.0" encoding="utf-8"?><Health xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">` +
    `<GoalStateIncarnation>${incarnation}</GoalStateIncarnation><Container><ContainerId>${containerId}</ContainerId><RoleInstanceList><Role>` +
    `<InstanceId>${ROLE_INSTANCE}</InstanceId><Health><State>${state}</State>${details}</Health></Role></RoleInstanceList></Container></Health>`
  );
}

/** From the first request to Ready, as on a first boot. */
async function boot() {
  await operations.versions();
  await operations.goalState();
  await operations.health("NotReady", "Provisioning", "Starting");
  await operations.config("hostingEnvironmentConfig");
  await operations.config("sharedConfig");
  await operations.certificates();
  await operations.config("extensionsConfig");
  await sleep(2000);
  await operations.roleProperties();
  await operations.health("Ready");
  await operations.telemetry();
  await operations.pluginVersions();
}

/** The steady state: goal state, settings and status every period; the host plugin's heartbeat every minute. */
function poll({ periodMs = POLL_MS, heartbeat = true }) {
  const state = { stopped: false, timers: [] };
  polling = state;
  const each = async () => {
    if (state.stopped) return;
    const startedAt = Date.now();
    const goal = await operations.goalState();
    if (settings.hostGaPlugin && !state.stopped) {
      const answer = await operations.vmSettings();
      if (answer?.status === 410 && settings.refresh !== false) {
        await operations.goalState();
        await operations.vmSettings();
      }
      if (settings.status && !state.stopped) await operations.status();
    }
    state.last = goal;
    if (!state.stopped) state.timers.push(setTimeout(each, Math.max(100, startedAt + periodMs - Date.now())));
  };
  each();
  if (heartbeat) {
    const beat = async () => {
      const answer = settings.hostGaPlugin ? await operations.pluginHealth() : null;
      await operations.healthService(!settings.hostGaPlugin || answer?.status === 200);
      await operations.telemetry();
    };
    state.timers.push(setTimeout(beat, 1500), setInterval(beat, HEARTBEAT_MS));
  }
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

answerScenario(async (message) => {
  if (message.settings) settings = { ...settings, ...message.settings };
  if (message.containerId) containerId = message.containerId;
  if (message.boot) await boot();
  if (message.poll) poll(message.poll);
  if (message.stop && polling) {
    polling.stopped = true;
    for (const timer of polling.timers) clearTimeout(timer);
  }
  if (message.call) {
    const [name, ...args] = message.call;
    const answer = await operations[name](...args);
    return { status: answer?.status ?? null };
  }
});
