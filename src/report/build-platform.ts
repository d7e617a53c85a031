/** The report's part about addresses and NICs. */
import { parseIpv4, parseIpv6, parseMac } from "../bytes/address.ts";
import type { SourceFacts } from "../capture/source-facts.ts";
import type { FlowTracker } from "../flow/tracker.ts";
import type { NicFact } from "../rules/facts.ts";
import type { NicOf } from "../rules/flow-facts.ts";
import { VIRTUAL_GATEWAY_MAC } from "../service/platform.ts";
import {
  type AnsweredConnections,
  answeredByNic,
  findPrimaryNic,
  isNicNamed,
  isOf,
  isPrimary,
  type NicSighting,
} from "../service/primary-nic.ts";
import type { LeaseRecord } from "../service/records.ts";
import type { Services } from "../service/services.ts";
import type { PlatformAddress, PlatformSummary, PrimaryNic } from "./report.ts";

/** Which NIC the user or the host says is the primary one: name, MAC or address; null when nobody says. */
export interface NamedNic {
  readonly name: string;
  readonly origin: "option" | "host";
}

/** The primary NIC as recordings of live sessions name it; null when they name none, or several. */
export function recordedPrimaryNic(sources: readonly SourceFacts[]): NamedNic | null {
  const names = sources.flatMap(({ interfaces }) => interfaces.map((one) => one.primaryNic));
  const [name, ...others] = new Set(names.filter((one) => one !== null));
  return name === undefined || others.length > 0 ? null : { name, origin: "host" };
}

/** The NICs as rules and report count them, and how the tables' rows are found among them. */
export interface NicView {
  readonly nics: readonly NicFact[];
  readonly nicOf: NicOf;
  /** Index into `nics`; null when nothing tells, or the capture does not show it. */
  readonly primary: number | null;
  readonly origin: PrimaryNic["origin"] | null;
  /** The primary NIC was named by who knows the VM, and the capture does not show it. */
  readonly unseen: NamedNic | null;
  /** The primary NIC was named for a file that does not show it: it may be a typing error, so that it is left aside. */
  readonly misnamed: NamedNic | null;
}

/** Interfaces towards containers by the names that Docker, CNI plugins and libvirt give: no NICs of the VM. */
const INNER_NAME = /^(docker|br-|veth|cni|cbr|azv|lxc|cali|virbr|flannel|tunl|vxlan)/;

/** Finds the NICs and the primary one among them. A live session's option is one of the VM's NICs. */
export function nicsOf(tracker: FlowTracker, services: Services, wanted: NamedNic | null, live: boolean): NicView {
  const table = tracker.nics;
  const standing = table.standing();
  const places = new Map(standing.map((row, index) => [row, index]));
  const nicOf: NicOf = (row) => (row < 0 ? null : (places.get(table.current(row)) ?? null));
  const answered = standing.map((): AnsweredConnections => ({ wireserver: 0, hostgaPlugin: 0 }));
  for (const [row, { wireserver, hostgaPlugin }] of answeredByNic(tracker.flows)) {
    const one = answered[nicOf(row) ?? -1];
    if (one === undefined) continue;
    one.wireserver += wireserver;
    one.hostgaPlugin += hostgaPlugin;
  }
  const sightings = standing.map((row, index): NicSighting => {
    const name = table.interfaceName(row);
    const mac = table.macText(row);
    const nic = table.rows[row];
    return {
      interface: name,
      mac,
      addresses: table.addressTexts(row),
      inner:
        INNER_NAME.test(name ?? "") || mac === VIRTUAL_GATEWAY_MAC || ((nic?.takenIn ?? 0) > 0 && nic?.sentOut === 0),
      answered: answered[index] ?? { wireserver: 0, hostgaPlugin: 0 },
    };
  });
  const { leases } = services.dhcp;
  const isSure = live || wanted?.origin === "host" || sightings.some((nic) => isNicNamed(nic, wanted?.name ?? ""));
  const named = isSure ? wanted : null;
  const found = findPrimaryNic(sightings, leases, named?.name ?? null, named?.origin);
  const unseen = found === null ? named : null;
  const nics = sightings.map((sighting, index): NicFact => {
    const lease = leases.find((one) => isOf(one, sighting));
    const primary =
      found !== null
        ? isPrimary(index, sighting, lease !== undefined, found)
        : unseen === null
          ? null
          : differs(sighting, unseen.name);
    return {
      index,
      interface: sighting.interface,
      mac: sighting.mac,
      addresses: sighting.addresses,
      primaryAddress: primaryAddress(sighting, lease, primary === true ? named : null),
      primary,
      inner: sighting.inner,
      leaseHasPlatformRoute: lease?.hasPlatformRoute ?? null,
      platformPackets: table.rows[standing[index] ?? -1]?.platformPackets ?? 0,
    };
  });
  const origin = found?.origin ?? unseen?.origin ?? null;
  return { nics, nicOf, primary: found?.index ?? null, origin, unseen, misnamed: isSure ? null : wanted };
}

/** The report's summary. Interfaces towards containers are no NICs of the VM and are left out, as are NICs whose MAC nothing shows. */
export function buildPlatform(addresses: readonly PlatformAddress[], view: NicView): PlatformSummary {
  return {
    addresses: [...addresses],
    primaryNic: primaryNicOf(view),
    nics: view.nics.flatMap((nic) =>
      nic.mac === null || nic.inner
        ? []
        : [
            {
              interface: nic.interface,
              mac: nic.mac,
              addresses: [...nic.addresses],
              primary: nic.primary,
              platformPackets: nic.platformPackets,
            },
          ],
    ),
  };
}

function primaryNicOf({ nics, primary, origin, unseen }: NicView): PrimaryNic | null {
  if (origin === null) return null;
  const nic = primary === null ? undefined : nics[primary];
  if (nic !== undefined) return { interface: nic.interface, mac: nic.mac, addresses: [...nic.addresses], origin };
  const name = unseen?.name ?? "";
  if (isMac(name)) return { interface: null, mac: name.toLowerCase().replaceAll("-", ":"), addresses: [], origin };
  if (isAddressText(name)) return { interface: null, mac: null, addresses: [name], origin };
  return { interface: name, mac: null, addresses: [], origin };
}

/** False when the NIC is known to be another one than the named one; null when nothing tells. */
function differs(nic: NicSighting, name: string): false | null {
  if (isMac(name)) return nic.mac === null ? null : false;
  if (isAddressText(name)) return nic.addresses.length === 0 ? null : false;
  return nic.interface === null ? null : false;
}

/** The lease's address, or the one by which the NIC was named. */
function primaryAddress(nic: NicSighting, lease: LeaseRecord | undefined, named: NamedNic | null): string | null {
  if (named !== null && nic.addresses.includes(named.name)) return named.name;
  const address = lease?.address ?? null;
  return address !== null && nic.addresses.includes(address) ? address : null;
}

function isMac(text: string): boolean {
  return parseMac(text) !== null;
}

function isAddressText(text: string): boolean {
  return parseIpv4(text) !== null || parseIpv6(text) !== null;
}
