/** Does the DHCP lease name the platform address (option 245), as every Azure lease does? */
import type { CheckedLease } from "../report/check-report.ts";
import type { TestDefinition } from "./check-test.ts";

export const dhcpLeaseTest: TestDefinition<"dhcp-lease"> = {
  id: "dhcp-lease",
  sends: false,
  needs: [],
  after: ["primary-nic"],
  nothing: { leases: [], current: null },
  run({ address, host }, done) {
    const primary = done["primary-nic"]?.details;
    const index = host.interfaces().find((one) => one.name === primary?.interface)?.index ?? null;
    const found = host.leases();
    const leases = found.map(({ file, client, interface: name, address: leased, platformAddress }): CheckedLease => {
      return { file, client, interface: name, address: leased, platformAddress };
    });
    if (leases.length === 0) {
      const summary =
        "No lease was found on disk: the address is configured by hand, or the client keeps it elsewhere.";
      return Promise.resolve({ result: "not-available", summary, details: { leases, current: null } });
    }
    const own = found.findLastIndex(
      (one) =>
        (one.interface !== null && one.interface === primary?.interface) ||
        (one.interfaceIndex !== null && one.interfaceIndex === index) ||
        (one.address !== null && one.address === primary?.address),
    );
    if (own < 0) {
      const summary = "The leases on disk are of other NICs than the primary one.";
      return Promise.resolve({ result: "not-available", summary, details: { leases, current: null } });
    }
    const details = { leases, current: own };
    const { file, platformAddress: named = null } = leases[own] ?? { file: "" };
    if (named === address)
      return Promise.resolve({ result: "passed", summary: `Option 245 is ${named} (${file}).`, details });
    return Promise.resolve({ result: "warning", summary: `${oddity(named, address)} (${file}).`, details });
  },
};

function oddity(named: string | null, address: string): string {
  if (named === null) return "The lease has no option 245";
  if (named === "malformed") return "The lease's option 245 is not four bytes";
  return `Option 245 is ${named}, and ${address} was tested`;
}
