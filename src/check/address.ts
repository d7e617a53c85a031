/** Has a NIC an IPv4 address that can be used? */
import { parseIpv4 } from "../bytes/address.ts";
import type { HostInterface } from "../capture/live/interfaces.ts";
import type { TestDefinition } from "./check-test.ts";
import { nicsOf } from "./interfaces.ts";

export const addressTest: TestDefinition<"address"> = {
  id: "address",
  sends: false,
  needs: ["interfaces"],
  after: [],
  nothing: { interface: null, usable: [], linkLocal: [] },
  run({ host }) {
    const candidates = addressedNics(host.interfaces());
    const linkLocal = candidates.flatMap((one) =>
      one.addresses.filter(isLinkLocal).map((text) => `${one.name} ${text}`),
    );
    const owner = candidates.find((one) => usableAddresses(one).length > 0);
    if (owner !== undefined) {
      const usable = usableAddresses(owner);
      const details = { interface: owner.name, usable, linkLocal };
      return Promise.resolve({ result: "passed", summary: `${owner.name} has ${usable.join(", ")}.`, details });
    }
    const summary =
      linkLocal.length === 0
        ? "No NIC has an IPv4 address."
        : `There is no address but link-local ones: ${linkLocal.join(", ")}.`;
    return Promise.resolve({ result: "failed", summary, details: { interface: null, usable: [], linkLocal } });
  },
};

/** Interfaces whose addresses count, the primary one first: NICs, and a bond or bridge that carries the address in a NIC's place. */
function addressedNics(interfaces: readonly HostInterface[]): HostInterface[] {
  const candidates = [...interfaces.filter((one) => one.primary), ...nicsOf(interfaces)];
  return [...new Set(candidates)].filter((one) => one.up);
}

/** IPv4 addresses that a program may use to reach another machine. */
export function usableAddresses({ addresses }: HostInterface): string[] {
  return addresses.filter((text) => parseIpv4(text) !== null && !isLinkLocal(text) && !text.startsWith("127."));
}

/** RFC 3927: what a machine gives itself when no DHCP server answers. */
function isLinkLocal(text: string): boolean {
  return text.startsWith("169.254.") && parseIpv4(text) !== null;
}
