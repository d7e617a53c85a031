/** The reverse lookup of the platform address gives no name; where it does, somebody else answers. */
import type { TestDefinition } from "./check-test.ts";
import { silence } from "./dns-answers.ts";
import { askOverUdp, unasked } from "./dns-query.ts";
import { milliseconds } from "./texts.ts";

export const dnsReverseTest: TestDefinition<"dns-reverse"> = {
  id: "dns-reverse",
  sends: true,
  needs: ["dns-udp"],
  after: [],
  nothing: unasked("udp", "", "PTR"),
  async run({ address, timeoutMs }) {
    const name = reverseName(address);
    const details = await askOverUdp({ server: address, name, type: "PTR", timeoutMs });
    const { rcode, answers } = details;
    if (rcode === null) return { result: "failed", summary: `PTR ${name}: ${silence(details)}.`, details };
    if (answers.length > 0) {
      const summary = `It gives ${answers.join(", ")}, though the platform address has no name: another resolver answers.`;
      return { result: "warning", summary, details };
    }
    return {
      result: "passed",
      summary: `No name, as it should be (${rcode} in ${milliseconds(details.responseMs ?? 0)}).`,
      details,
    };
  },
};

/** RFC 1035 section 3.5. */
export function reverseName(address: string): string {
  return `${address.split(".").reverse().join(".")}.in-addr.arpa`;
}
