/** The operations of WireServer, port 80, by method and target (WALinuxAgent common/protocol/wire.py and the other agents' sources). */
import { Secret } from "./http-head.ts";
import { BodyUse, type Operation, operation, type TargetParts, targetParts } from "./operation.ts";

interface Pattern {
  readonly operation: Operation;
  readonly matches: (method: string, target: TargetParts) => boolean;
}

const CONTAINER_PATH = /^\/machine\/[^/]+\/[^/]+$/;
const settings = { responseSecrets: Secret.goalStateSettings };

/** In this order: the first that matches is the operation. */
const PATTERNS: readonly Pattern[] = [
  {
    operation: operation("versions"),
    matches: (method, { path, component }) => isGet(method) && path === "" && component === "versions",
  },
  {
    operation: operation("goal-state", { responseBody: BodyUse.goalState }),
    matches: (method, { path, component }) => isGet(method) && path === "/machine" && component === "goalstate",
  },
  configuration("hosting-environment-config", "hostingenvironmentconfig"),
  configuration("shared-config", "sharedconfig"),
  configuration("extensions-config", "extensionsconfig", settings),
  configuration("full-config", "fullconfig", settings),
  {
    operation: operation("certificates", { responseSecrets: Secret.certificate }),
    matches: (method, { path, component }) =>
      isGet(method) && CONTAINER_PATH.test(path) && component === "certificates",
  },
  {
    operation: operation("report-health", { requestBody: BodyUse.healthReport }),
    matches: (method, { path, component }) => method === "POST" && path === "/machine" && component === "health",
  },
  posted("role-properties", "roleproperties"),
  posted("telemetry", "telemetrydata"),
  {
    operation: operation("health-service"),
    matches: (method, { path }) => method === "POST" && path === "/healthservice",
  },
  {
    operation: operation("provisioning-health"),
    matches: (method, { path }) => method === "POST" && path === "/provisioning/health",
  },
  { operation: operation("secure-channel-status"), matches: (_, { path }) => path === "/secure-channel/status" },
  {
    operation: operation("secure-channel-attestation"),
    matches: (_, { path }) => /^\/secure-channel\/key\/[^/]+\/key-attestation$/.test(path),
  },
  {
    operation: operation("secure-channel-key", { responseSecrets: Secret.keyHeader }),
    matches: (_, { path }) => path === "/secure-channel/key",
  },
  {
    operation: operation("network-agent-plugins"),
    matches: (_, { path, component }) => path === "/machine/plugins" && component === "nmagent",
  },
  {
    operation: operation("backup-snapshot"),
    matches: (_, { path, component }) =>
      (path === "/machine/plugins" && component === "xdisksvc") || path.startsWith("/metadata/recsvc/snapshot/"),
  },
  {
    operation: operation("root-certificates"),
    matches: (_, { path, component }) => path.startsWith("/acms/") || component === "acmspackage",
  },
];

/** The operation of a request to WireServer; null when it is none that is known. */
export function wireserverOperation(method: string, target: string): Operation | null {
  const parts = targetParts(target);
  return PATTERNS.find((pattern) => pattern.matches(method, parts))?.operation ?? null;
}

function configuration(name: string, type: string, more: Partial<Operation> = {}): Pattern {
  return {
    operation: operation(name, more),
    matches: (method, target) =>
      isGet(method) && CONTAINER_PATH.test(target.path) && target.component === "config" && target.type === type,
  };
}

function posted(name: string, component: string): Pattern {
  return {
    operation: operation(name),
    matches: (method, target) => method === "POST" && target.path === "/machine" && target.component === component,
  };
}

function isGet(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
