/** The operations of HostGAPlugin, port 32526, by method and target (WALinuxAgent common/protocol/hostplugin.py). */
import { Secret } from "./http-head.ts";
import { BodyUse, type Operation, operation, targetParts } from "./operation.ts";

interface Pattern {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

const PATTERNS: readonly Pattern[] = [
  { method: "GET", path: "/versions", operation: operation("versions") },
  { method: "GET", path: "/health", operation: operation("health") },
  {
    method: "GET",
    path: "/vmsettings",
    operation: operation("vm-settings", { responseSecrets: Secret.goalStateSettings }),
  },
  { method: "GET", path: "/extensionartifact", operation: operation("extension-artifact") },
  {
    method: "PUT",
    path: "/status",
    operation: operation("put-status", {
      requestBody: BodyUse.statusUpload,
      requestSecrets: Secret.statusContent,
    }),
  },
  { method: "PUT", path: "/vmagentlog", operation: operation("vm-agent-log") },
];

/** The operation of a request to HostGAPlugin; null when it is none that is known. */
export function hostgaPluginOperation(method: string, target: string): Operation | null {
  const { path } = targetParts(target);
  return PATTERNS.find((pattern) => pattern.method === method && pattern.path === path)?.operation ?? null;
}
