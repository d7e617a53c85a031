/**
 * Which NIC is the VM's primary one: the only NIC that may talk to the platform's address. What the user says decides; then the DHCP
 * leases, of which only the primary NIC's carries a route to the platform (as cloud-init tells them apart); then which NIC's requests to
 * WireServer were answered, for no other NIC's are: where those of several were, they are several VMs', and nothing tells. HostGAPlugin
 * answers others too, with 400, so that there the most answers count.
 */
import { parseMac } from "../bytes/address.ts";
import { FlowField, type FlowTable } from "../flow/flow-table.ts";
import { ServiceCode } from "./platform.ts";
import type { LeaseRecord } from "./records.ts";

/** Answered connections by who answered. */
export interface AnsweredConnections {
  wireserver: number;
  hostgaPlugin: number;
}

/** A NIC as the capture shows it. */
export interface NicSighting {
  readonly interface: string | null;
  readonly mac: string | null;
  readonly addresses: readonly string[];
  /** A bridge or veth towards containers, which is no NIC of the VM. */
  readonly inner: boolean;
  /** Connections that left by it and were answered. */
  readonly answered: AnsweredConnections;
}

/** The primary NIC's index in the list that was given, and how it is known. */
export interface PrimaryNicFinding {
  readonly index: number;
  readonly origin: "option" | "host" | "dhcp" | "inferred";
}

/** Null when nothing tells. `wanted` is an interface name, a MAC or an address; `origin` says who names it. */
export function findPrimaryNic(
  nics: readonly NicSighting[],
  leases: readonly LeaseRecord[],
  wanted: string | null,
  origin: "option" | "host" = "option",
): PrimaryNicFinding | null {
  if (wanted !== null) {
    const index = nics.findIndex((nic) => isNicNamed(nic, wanted));
    return index < 0 ? null : { index, origin };
  }
  const routed = indexesOf(nics, (nic) => leases.some((lease) => lease.hasPlatformRoute && isOf(lease, nic)));
  if (routed.length === 1) return { index: routed[0] ?? 0, origin: "dhcp" };
  const served = indexesOf(nics, ({ answered }) => answered.wireserver > 0);
  const most = Math.max(1, ...nics.map(({ inner, answered }) => (inner ? 0 : answered.hostgaPlugin)));
  const told = served.length > 0 ? served : indexesOf(nics, ({ answered }) => answered.hostgaPlugin === most);
  return told.length === 1 ? { index: told[0] ?? 0, origin: "inferred" } : null;
}

/** False for a NIC that is not the primary one; null for one that may be another VM's: it has no lease here, and WireServer answers it. */
export function isPrimary(
  index: number,
  nic: NicSighting,
  hasLease: boolean,
  found: PrimaryNicFinding,
): boolean | null {
  if (index === found.index) return true;
  return found.origin === "dhcp" && !hasLease && nic.answered.wireserver > 0 ? null : false;
}

/** Whether a lease is this NIC's. */
export function isOf(lease: LeaseRecord, nic: Pick<NicSighting, "mac" | "addresses">): boolean {
  if (nic.mac !== null) return nic.mac === lease.clientMac;
  return lease.address !== null && nic.addresses.includes(lease.address);
}

/** Answered connections by row in the NIC table. */
export function answeredByNic(flows: FlowTable): ReadonlyMap<number, AnsweredConnections> {
  const counts = new Map<number, AnsweredConnections>();
  for (let flow = 0; flow < flows.rows; flow++) {
    if (!flows.holds(flow)) continue;
    const service = flows.int(flow, FlowField.service);
    if (service !== ServiceCode.wireserver && service !== ServiceCode.hostgaPlugin) continue;
    const nic = flows.int(flow, FlowField.nicTo);
    if (nic < 0 || flows.double(flow, FlowField.payloadFrom) === 0) continue;
    const answered = counts.get(nic) ?? { wireserver: 0, hostgaPlugin: 0 };
    counts.set(nic, answered);
    if (service === ServiceCode.wireserver) answered.wireserver++;
    else answered.hostgaPlugin++;
  }
  return counts;
}

/** Whether `wanted`, an interface name, a MAC or an address, is this NIC's. */
export function isNicNamed(nic: Pick<NicSighting, "interface" | "mac" | "addresses">, wanted: string): boolean {
  const mac = parseMac(wanted);
  if (mac !== null) return nic.mac !== null && parseMac(nic.mac) === mac;
  return nic.interface === wanted || nic.addresses.includes(wanted.toLowerCase());
}

function indexesOf(nics: readonly NicSighting[], matches: (nic: NicSighting) => boolean): number[] {
  return [...nics.keys()].filter((index) => {
    const nic = nics[index];
    return nic !== undefined && !nic.inner && matches(nic);
  });
}
