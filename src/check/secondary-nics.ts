/**
 * What becomes of traffic that a program binds to a further NIC's address. Node cannot bind a socket to a device, so it is the address that is
 * bound, and the kernel's rules choose the NIC: just that shows whether such traffic leaves by the wrong one. That it gets no answer is
 * as documented, and no fault.
 */
import type { HostInterface } from "../capture/live/interfaces.ts";
import type { CheckedNic } from "../report/check-report.ts";
import { WIRESERVER_PORT } from "../service/platform.ts";
import { usableAddresses } from "./address.ts";
import type { CheckContext, TestDefinition } from "./check-test.ts";
import { outcomeWords, tryConnection } from "./connect.ts";
import { nicsOf } from "./interfaces.ts";
import { ipRouteGet } from "./ip-command.ts";

export const secondaryNicsTest: TestDefinition<"secondary-nics"> = {
  id: "secondary-nics",
  sends: true,
  needs: ["address"],
  after: ["primary-nic", "route"],
  nothing: { nics: [] },
  async run(context, done) {
    const primary = done["primary-nic"]?.details.interface ?? null;
    const further = nicsOf(context.host.interfaces()).filter(
      (one) => one.up && one.name !== primary && usableAddresses(one).length > 0,
    );
    if (further.length === 0) {
      return {
        result: "skipped",
        summary: "There is no further NIC with an address.",
        details: secondaryNicsTest.nothing,
      };
    }
    if (primary === null) {
      const summary = "Which NIC is the primary one is not known, so none counts as a further one.";
      return { result: "not-available", summary, details: secondaryNicsTest.nothing };
    }
    const nics = await Promise.all(further.map((one) => testNic(context, one)));
    return { result: "passed", summary: nics.map(describe).join(" "), details: { nics } };
  },
};

async function testNic({ address, timeoutMs, host }: CheckContext, nic: HostInterface): Promise<CheckedNic> {
  const own = usableAddresses(nic)[0] ?? "";
  const route = await ipRouteGet(host.run, address, own);
  const { outcome, connectMs, localPort } = await tryConnection(address, WIRESERVER_PORT, timeoutMs, own);
  const leavesBy = route === null || "error" in route ? null : route.interface;
  return { interface: nic.name, address: own, leavesBy, outcome, connectMs, localPort };
}

function describe({ interface: nic, address, leavesBy, outcome }: CheckedNic): string {
  const by = leavesBy === null ? "" : leavesBy === nic ? ` leaves by ${nic}` : ` leaves by ${leavesBy}, not by ${nic}`;
  return `A connection from ${address} (${nic})${by}: ${outcomeWords(outcome, null)}.`;
}
