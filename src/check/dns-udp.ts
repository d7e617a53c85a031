/** Does the platform's DNS answer over UDP? */
import type { TestDefinition } from "./check-test.ts";
import { ASKED_NAME, answered } from "./dns-answers.ts";
import { askOverUdp, unasked } from "./dns-query.ts";

export const dnsUdpTest: TestDefinition<"dns-udp"> = {
  id: "dns-udp",
  sends: true,
  needs: ["address"],
  after: ["route"],
  nothing: unasked("udp", ASKED_NAME, "A"),
  async run({ address, timeoutMs }) {
    return answered(await askOverUdp({ server: address, name: ASKED_NAME, type: "A", timeoutMs }));
  },
};
