/** Is there a network interface that is up? */
import type { HostInterface } from "../capture/live/interfaces.ts";
import type { TestDefinition } from "./check-test.ts";

export const interfacesTest: TestDefinition<"interfaces"> = {
  id: "interfaces",
  sends: false,
  needs: [],
  after: [],
  nothing: { interfaces: [] },
  run({ host }) {
    const all = host.interfaces().filter((one) => !one.loopback);
    const details = {
      interfaces: all.map(({ name, mac, up, virtual, addresses }) => ({ name, mac, up, virtual, addresses })),
    };
    const nics = nicsOf(all);
    const up = nics.filter((one) => one.up);
    if (up.length > 0) {
      return Promise.resolve({
        result: "passed",
        summary: `${namesOf(up)} ${up.length > 1 ? "are" : "is"} up.`,
        details,
      });
    }
    const summary = nics.length === 0 ? "There is no NIC." : `${namesOf(nics)} ${nics.length > 1 ? "are" : "is"} down.`;
    return Promise.resolve({ result: "failed", summary, details });
  },
};

/** What counts as NICs of the VM: no loopback, and nothing made by software while there is something else. */
export function nicsOf(interfaces: readonly HostInterface[]): HostInterface[] {
  const outer = interfaces.filter((one) => !one.loopback);
  const nics = outer.filter((one) => one.virtual !== true);
  return nics.length > 0 ? nics : outer;
}

function namesOf(interfaces: readonly HostInterface[]): string {
  return interfaces.map((one) => one.name).join(", ");
}
