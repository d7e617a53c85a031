import { expect, test } from "vitest";
import { goesPastProxy } from "../../src/check/no-proxy.ts";

test.each([
  ["168.63.129.16", true],
  ["localhost,168.63.129.16", true],
  ["localhost 168.63.129.16", true],
  ["168.63.129.16:80", true],
  ["168.63.129.0/24", true],
  ["0.0.0.0/0", true],
  ["*", true],
  ["", false],
  ["localhost,169.254.169.254", false],
  ["168.63.129.1", false],
  ["168.63.129.16/33", false],
  ["10.0.0.0/8", false],
  [".internal.cloudapp.net", false],
])("no_proxy=%s lets requests go past the proxy: %s", (value, expected) => {
  expect(goesPastProxy(value, "168.63.129.16")).toBe(expected);
});
