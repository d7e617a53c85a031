import { expect, test } from "vitest";
import { redactFieldValue, redactTarget } from "../../src/report/redact.ts";

test("the signature of a SAS URL goes, the rest of it stays", () => {
  expect(
    redactTarget("https://md-1.blob.core.windows.net/$system/a.vmSettings?sv=2018-03-28&sig=aB%2F9%3D&se=9999"),
  ).toBe("https://md-1.blob.core.windows.net/$system/a.vmSettings?sv=2018-03-28&sig=REDACTED&se=9999");
});

test("a signature within a percent-encoded URL goes too", () => {
  expect(redactTarget("/x?u=https%3A%2F%2Fa%2Fb%3Fsig%3DaBc%252F%26se%3D1")).toBe(
    "/x?u=https%3A%2F%2Fa%2Fb%3Fsig%3DREDACTED%26se%3D1",
  );
});

test("the network agent's token in the path goes, and the container's name stays", () => {
  expect(
    redactTarget(
      "/machine/plugins/?comp=nmagent&type=NetworkManagement/interfaces/ab/networkContainers/7/authenticationToken/s3cret/api-version/1",
    ),
  ).toBe(
    "/machine/plugins/?comp=nmagent&type=NetworkManagement/interfaces/ab/networkContainers/7/authenticationToken/REDACTED/api-version/1",
  );
});

test("a target without a secret stays as it is", () => {
  const target = "/machine/a-b/c%2Dd?comp=config&type=sharedConfig&incarnation=1&design=sig";
  expect(redactTarget(target)).toBe(target);
});

test("redacting twice is redacting once", () => {
  expect(redactTarget(redactTarget("/?sig=a&token=b"))).toBe("/?sig=REDACTED&token=REDACTED");
});

test("fields that are secrets lose their whole value, others only what is secret in them", () => {
  expect(redactFieldValue("X-MS-Azure-Host-Authorization", "Azure-HMAC-SHA256 abc")).toBe("REDACTED");
  expect(redactFieldValue("x-ms-artifact-location", "https://a/b?sig=abc")).toBe("https://a/b?sig=REDACTED");
  expect(redactFieldValue("x-ms-version", "2012-11-30")).toBe("2012-11-30");
});
