/** Does the platform's DNS answer over TCP, which large answers need? */
import type { TestDefinition } from "./check-test.ts";
import { ASKED_NAME, answered } from "./dns-answers.ts";
import { askOverTcp, unasked } from "./dns-query.ts";

export const dnsTcpTest: TestDefinition<"dns-tcp"> = {
  id: "dns-tcp",
  sends: true,
  needs: ["address"],
  after: ["route"],
  nothing: unasked("tcp", ASKED_NAME, "A"),
  async run({ address, timeoutMs }) {
    return answered(await askOverTcp({ server: address, name: ASKED_NAME, type: "A", timeoutMs }));
  },
};
