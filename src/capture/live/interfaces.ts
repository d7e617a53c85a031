/** The machine's network interfaces: what they are, which is the primary NIC and why, and which can be captured. */
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { type Lease, readLeases } from "./lease-files.ts";
import { defaultRoute, type Ipv4Route, parseIpv4Routes } from "./routes.ts";

/** How it is known that a NIC is the primary one. */
export type PrimaryReason =
  | "default route of the lowest metric"
  | "DHCP lease with the platform route"
  | "the only NIC";

/** One interface of the machine. */
export interface HostInterface {
  name: string;
  /** Kernel's number; null where the system does not tell. */
  index: number | null;
  mac: string | null;
  /** IPv4 first, then IPv6, without prefix lengths. */
  addresses: string[];
  /** Administratively up and with a carrier. */
  up: boolean;
  loopback: boolean;
  /** A bridge, veth, tunnel or the like: made by software and no NIC of the VM. Null where the system does not tell. */
  virtual: boolean | null;
  primary: boolean;
  /** Null unless it is the primary one. */
  primaryReason: PrimaryReason | null;
}

/** What of the host is looked at; tests give folders of their own. */
export interface HostPlaces {
  /** Root of /sys, /proc and the lease files; "/" but for tests. */
  root?: string;
  /** Addresses as `os.networkInterfaces` gives them. */
  addresses?: ReturnType<typeof networkInterfaces>;
}

/** All interfaces, the primary one first, then by kernel number and name. */
export function hostInterfaces(platformAddress: string, places: HostPlaces = {}): HostInterface[] {
  const root = places.root ?? "/";
  const addresses = places.addresses ?? networkInterfaces();
  const folder = join(root, "sys/class/net");
  const names = new Set([...entriesOf(folder), ...Object.keys(addresses)]);
  const interfaces = [...names].map((name) => describe(name, folder, addresses[name] ?? []));
  markPrimary(interfaces, root, platformAddress);
  return interfaces.sort(
    (a, b) => Number(b.primary) - Number(a.primary) || (a.index ?? 0) - (b.index ?? 0) || (a.name < b.name ? -1 : 1),
  );
}

/** The interfaces that a session watches when none is chosen: those that are up, without loopback and software ones; all up ones if none is left. */
export function watchedByDefault(interfaces: readonly HostInterface[]): HostInterface[] {
  const up = interfaces.filter((one) => one.up && !one.loopback);
  const nics = up.filter((one) => one.virtual !== true);
  return nics.length > 0 ? nics : up;
}

/** IFF_UP and IFF_LOOPBACK of linux/if.h. */
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;

function describe(
  name: string,
  folder: string,
  addresses: NonNullable<ReturnType<typeof networkInterfaces>[string]>,
): HostInterface {
  const read = (file: string): string | null => readText(join(folder, name, file));
  const flags = Number.parseInt(read("flags") ?? "", 16);
  // The carrier is told at once; operstate only when the kernel has got round to it.
  const carrier = read("carrier");
  const index = Number.parseInt(read("ifindex") ?? "", 10);
  const mac = read("address") ?? addresses[0]?.mac ?? null;
  return {
    name,
    index: Number.isNaN(index) ? null : index,
    mac: mac === null || mac === "00:00:00:00:00:00" ? null : mac,
    addresses: [...addresses]
      .sort((a, b) => (a.family < b.family ? -1 : a.family > b.family ? 1 : 0))
      .map((one) => one.address),
    up: Number.isNaN(flags) ? addresses.length > 0 : (flags & IFF_UP) !== 0 && carrier !== "0",
    loopback: Number.isNaN(flags) ? addresses.some((one) => one.internal) : (flags & IFF_LOOPBACK) !== 0,
    virtual: isVirtual(join(folder, name), read),
    primary: false,
    primaryReason: null,
  };
}

/** A device without hardware behind it stands under /sys/devices/virtual. A veth alone in its namespace is a NIC to whoever lives there. */
function isVirtual(folder: string, read: (file: string) => string | null): boolean | null {
  try {
    if (!realpathSync(folder).includes("/devices/virtual/")) return false;
  } catch {
    return null;
  }
  // The number of a pair's other end means another namespace's interface, and may be this one's by chance. Of the others only a bridge tells a speed, and its type.
  const isLinked = read("iflink") !== null && read("iflink") !== read("ifindex");
  const isPair = isLinked || (read("speed") !== null && !(read("uevent") ?? "").includes("DEVTYPE="));
  const isEnslaved = entriesOf(folder).includes("master");
  return !isPair || isEnslaved;
}

function markPrimary(interfaces: readonly HostInterface[], root: string, platformAddress: string): void {
  const nics = watchedByDefault(interfaces);
  const mark = (found: HostInterface | undefined, reason: PrimaryReason): boolean => {
    if (found === undefined) return false;
    found.primary = true;
    found.primaryReason = reason;
    return true;
  };
  const byLease = nicsWithPlatformRoute(interfaces, readLeases(root), platformAddress);
  if (byLease.length === 1 && mark(byLease[0], "DHCP lease with the platform route")) return;
  const route = defaultRoute(readRoutes(root));
  if (
    route !== null &&
    mark(
      interfaces.find((one) => one.name === route.interface),
      "default route of the lowest metric",
    )
  )
    return;
  if (nics.length === 1) mark(nics[0], "the only NIC");
}

/** The interfaces whose newest lease routes the platform address by itself: only the primary NIC's lease does. */
function nicsWithPlatformRoute(
  interfaces: readonly HostInterface[],
  leases: readonly Lease[],
  platformAddress: string,
): HostInterface[] {
  const newest = new Map<HostInterface, Lease>();
  for (const lease of leases) {
    const owner = interfaces.find(
      (one) =>
        (lease.interface !== null && one.name === lease.interface) ||
        (lease.interfaceIndex !== null && one.index === lease.interfaceIndex),
    );
    if (owner !== undefined) newest.set(owner, lease);
  }
  return [...newest].flatMap(([owner, lease]) => (lease.hostRoutes.includes(platformAddress) ? [owner] : []));
}

function readRoutes(root: string): Ipv4Route[] {
  return parseIpv4Routes(readText(join(root, "proc/net/route")) ?? "");
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return null;
  }
}
