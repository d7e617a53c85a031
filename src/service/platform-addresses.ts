/** The addresses that count as the platform's in one analysis, and where each came from. */
import { parseIpv4, parseIpv6 } from "../bytes/address.ts";
import { AddressSet } from "../decode/address-set.ts";
import { MAX_PLATFORM_ADDRESSES } from "../limits.ts";
import type { PlatformAddress } from "../report/report.ts";
import { DEFAULT_PLATFORM_ADDRESSES } from "./platform.ts";

/** A list that grows when a DHCP lease names another address. */
export class PlatformAddresses {
  /** For prefilters and tracking. */
  readonly set: AddressSet = new AddressSet();
  /** As the report tells them, in order of appearance. */
  readonly known: PlatformAddress[] = [];

  /** `given` are the user's, which replace the usual ones; `learned` come from an earlier pass over the same capture. */
  constructor(given: readonly string[], learned: readonly string[] = []) {
    const origin = given.length > 0 ? "option" : "default";
    for (const address of given.length > 0 ? given : DEFAULT_PLATFORM_ADDRESSES) this.add(address, origin);
    for (const address of learned) this.add(address, "dhcp-option-245");
  }

  /** True while one more IPv4 address can be learned. */
  get hasRoom(): boolean {
    return this.set.ipv4Count < MAX_PLATFORM_ADDRESSES;
  }

  /** False when the text is no address, is known already, or there is no room for one more. */
  add(address: string, origin: PlatformAddress["origin"]): boolean {
    if (this.known.some((one) => one.address === address)) return false;
    const ipv4 = parseIpv4(address);
    const ipv6 = ipv4 === null ? parseIpv6(address) : null;
    const added = ipv4 !== null ? this.set.addIpv4(ipv4 | 0) : ipv6 !== null && this.set.addIpv6(...signed(ipv6));
    if (added) this.known.push({ address, origin });
    return added;
  }
}

/** True for a text that names an address. */
export function isAddress(text: string): boolean {
  return parseIpv4(text) !== null || parseIpv6(text) !== null;
}

function signed(words: readonly [number, number, number, number]): [number, number, number, number] {
  return [words[0] | 0, words[1] | 0, words[2] | 0, words[3] | 0];
}
