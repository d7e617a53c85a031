/** Which NIC is the primary one, the only one that the platform talks to? */
import { ipv4Text, parseIpv4 } from "../bytes/address.ts";
import { usableAddresses } from "./address.ts";
import type { CheckHost, TestDefinition } from "./check-test.ts";
import { defaultGateway } from "./ip-command.ts";

export const primaryNicTest: TestDefinition<"primary-nic"> = {
  id: "primary-nic",
  sends: false,
  needs: ["interfaces"],
  after: [],
  nothing: { interface: null, mac: null, address: null, gateway: null, reason: null },
  async run({ host }) {
    const primary = host.interfaces().find((one) => one.primary);
    if (primary === undefined) {
      const summary =
        "Nothing tells which NIC is the primary one: there are several, no default route, and no DHCP lease.";
      const result = host.system === "linux" ? "warning" : "not-available";
      return { result, summary, details: primaryNicTest.nothing };
    }
    const usable = usableAddresses(primary);
    const leased = host.leases().findLast(({ interface: name, interfaceIndex, address }) => {
      const isItsOwn = name === primary.name || (interfaceIndex !== null && interfaceIndex === primary.index);
      return isItsOwn && address !== null && usable.includes(address);
    });
    const address = leased?.address ?? usable[0] ?? null;
    const gateway = (await defaultGateway(host.run, primary.name)) ?? firstOfNetwork(host, address);
    const details = { interface: primary.name, mac: primary.mac, address, gateway, reason: primary.primaryReason };
    const with_ = address === null ? "" : `, ${address}`;
    return { result: "passed", summary: `${primary.name}${with_} (${primary.primaryReason}).`, details };
  },
};

/** An Azure subnet's router has its first address. */
function firstOfNetwork(host: CheckHost, address: string | null): string | null {
  const own = address === null ? null : parseIpv4(address);
  const mask = address === null ? null : parseIpv4(host.maskOf(address) ?? "");
  if (own === null || mask === null || mask === 0xffffffff) return null;
  return ipv4Text(((own & mask) >>> 0) + 1);
}
