import { describe, expect, test } from "vitest";
import { hostgaPluginOperation } from "../../src/service/hostga-plugin.ts";
import { wireserverOperation } from "../../src/service/wireserver.ts";

describe("the operation of a request to WireServer", () => {
  test.each([
    ["GET", "/?comp=versions", "versions"],
    ["GET", "http://168.63.129.16/?comp=versions", "versions"],
    ["GET", "/machine/?comp=goalstate", "goal-state"],
    ["GET", "/machine?comp=goalstate", "goal-state"],
    ["GET", "/machine/a-1/b%2D2?comp=config&type=hostingEnvironmentConfig&incarnation=1", "hosting-environment-config"],
    ["GET", "/machine/a-1/b?comp=config&type=sharedConfig&incarnation=1", "shared-config"],
    ["GET", "/machine/a-1/b?comp=config&type=extensionsConfig&incarnation=1", "extensions-config"],
    ["GET", "/machine/a-1/b?comp=config&type=fullConfig&incarnation=1", "full-config"],
    ["GET", "/machine/a-1/b?comp=certificates&incarnation=1", "certificates"],
    ["POST", "/machine?comp=health", "report-health"],
    ["POST", "/machine/?comp=health", "report-health"],
    ["POST", "/machine?comp=roleProperties", "role-properties"],
    ["POST", "/machine?comp=telemetrydata", "telemetry"],
    ["POST", "/HealthService", "health-service"],
    ["POST", "/provisioning/health", "provisioning-health"],
    ["GET", "/secure-channel/status", "secure-channel-status"],
    ["POST", "/secure-channel/key", "secure-channel-key"],
    ["POST", "/secure-channel/key/0f-1/key-attestation", "secure-channel-attestation"],
    ["GET", "/machine/plugins?comp=nmagent&type=getinterfaceinfov1", "network-agent-plugins"],
    ["GET", "/machine/plugins/?comp=nmagent&type=GetSupportedApis", "network-agent-plugins"],
    ["GET", "/machine/plugins?comp=xdisksvc&type=startsnapshot", "backup-snapshot"],
    ["POST", "/metadata/recsvc/snapshot/dosnapshot?api-version=2017-12-01", "backup-snapshot"],
    ["GET", "/acms/isOptedInForRootCerts", "root-certificates"],
    ["GET", "/machine?comp=acmspackage&type=a&ext=json", "root-certificates"],
  ])("%s %s is %s", (method, target, name) => {
    expect(wireserverOperation(method, target)?.name).toBe(name);
  });

  test("is none for what the agents never ask", () => {
    expect(wireserverOperation("GET", "/")).toBeNull();
    expect(wireserverOperation("GET", "/machine?comp=health")).toBeNull();
    expect(wireserverOperation("GET", "/metadata/instance?api-version=2021-02-01")).toBeNull();
  });
});

describe("the operation of a request to HostGAPlugin", () => {
  test.each([
    ["GET", "/versions", "versions"],
    ["GET", "/health", "health"],
    ["GET", "/vmSettings", "vm-settings"],
    ["GET", "/extensionArtifact", "extension-artifact"],
    ["PUT", "/status", "put-status"],
    ["PUT", "/vmAgentLog", "vm-agent-log"],
  ])("%s %s is %s", (method, target, name) => {
    expect(hostgaPluginOperation(method, target)?.name).toBe(name);
  });

  test("is none for another method", () => {
    expect(hostgaPluginOperation("GET", "/status")).toBeNull();
  });
});
