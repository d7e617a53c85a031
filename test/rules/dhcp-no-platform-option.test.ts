import { expect, test } from "vitest";
import { dhcpNoPlatformOption } from "../../src/rules/dhcp-no-platform-option.ts";
import { dhcpFact, dhcpMessageFact, factsOf } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const ackWith = (platformAddress: string | null) =>
  dhcpFact(0, {
    messages: [
      dhcpMessageFact(1, { type: "ACK", fromClient: false, serverIdentifier: "168.63.129.16", platformAddress }),
    ],
  });

test("an ACK without option 245 is told", () => {
  expect(found(dhcpNoPlatformOption, factsOf({ dhcp: [ackWith(null)] }))).toEqual([
    {
      summary: "1 answer to 00:0d:3a:00:00:04 without option 245.",
      severity: "warning",
      count: 1,
      packets: [1],
      flows: [],
    },
  ]);
});

test("an option of another length is told as malformed", () => {
  expect(found(dhcpNoPlatformOption, factsOf({ dhcp: [ackWith("malformed")] }))[0]?.summary).toBe(
    "1 answer to 00:0d:3a:00:00:04 with an option 245 that holds no host's address.",
  );
});

test("an ACK with option 245 is silent", () => {
  expect(found(dhcpNoPlatformOption, factsOf({ dhcp: [ackWith("168.63.129.16")] }))).toEqual([]);
});
