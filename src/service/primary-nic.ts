/**
 * Which NIC is the VM's primary one: the only NIC that may talk to the platform's address. What the user says decides; then the DHCP
 * leases, of which only the primary NIC's carries a route to the platform (as cloud-init tells them apart); then which NIC's requests to
 * WireServer or HostGAPlugin were answered.
 */
import { parseMac } from "../bytes/address.ts";
import { FlowField, type FlowTable } from "../flow/flow-table.ts";
import { ServiceCode } from "./platform.ts";
import type { LeaseRecord } from "./records.ts";

/** A NIC as the capture shows it. */
export interface NicSighting {
  readonly interface: string | null;
  readonly mac: string | null;
  readonly addresses: readonly string[];
  /** A bridge or veth towards containers, which is no NIC of the VM. */
  readonly inner: boolean;
  /** Connections to WireServer and HostGAPlugin that left by it and were answered. */
  readonly answered: number;
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
    const index = nics.findIndex((nic) => isNamed(nic, wanted));
    return index < 0 ? null : { index, origin };
  }
  const routed = indexesOf(nics, (nic) => leases.some((lease) => lease.hasPlatformRoute && isOf(lease, nic)));
  if (routed.length === 1) return { index: routed[0] ?? 0, origin: "dhcp" };
  const most = Math.max(0, ...nics.map((nic) => (nic.inner ? 0 : nic.answered)));
  const answered = indexesOf(nics, (nic) => most > 0 && nic.answered === most);
  return answered.length === 1 ? { index: answered[0] ?? 0, origin: "inferred" } : null;
}

/** Whether a lease is this NIC's. */
export function isOf(lease: LeaseRecord, nic: Pick<NicSighting, "mac" | "addresses">): boolean {
  if (nic.mac !== null) return nic.mac === lease.clientMac;
  return lease.address !== null && nic.addresses.includes(lease.address);
}

/** Answered connections to WireServer and HostGAPlugin, by row in the NIC table. */
export function answeredByNic(flows: FlowTable): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (let flow = 0; flow < flows.rows; flow++) {
    if (!flows.holds(flow)) continue;
    const service = flows.int(flow, FlowField.service);
    if (service !== ServiceCode.wireserver && service !== ServiceCode.hostgaPlugin) continue;
    const nic = flows.int(flow, FlowField.nicTo);
    if (nic < 0 || flows.double(flow, FlowField.payloadFrom) === 0) continue;
    counts.set(nic, (counts.get(nic) ?? 0) + 1);
  }
  return counts;
}

function isNamed(nic: NicSighting, wanted: string): boolean {
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
