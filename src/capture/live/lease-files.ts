/**
 * What DHCP clients keep on disk of their leases: dhclient, systemd-networkd, NetworkManager (its internal client writes networkd's
 * form), and cloud-init. Read to learn which NIC's lease names the platform address (option 245) and routes to it (options 121, 249).
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ipv4Text, parseIpv4 } from "../../bytes/address.ts";

/** One lease, as far as its file tells. */
export interface Lease {
  /** The file that it was read from. */
  file: string;
  client: "dhclient" | "systemd-networkd" | "network-manager" | "cloud-init";
  /** Null where the file does not say; systemd-networkd names it by interface index. */
  interface: string | null;
  interfaceIndex: number | null;
  address: string | null;
  /** Option 54. */
  serverIdentifier: string | null;
  /** Option 245: the address; "malformed" when it is there and is not four bytes; null when it is not there. */
  platformAddress: string | null;
  /** A classless static route to a single platform-like address (a /32): destinations as text. */
  hostRoutes: string[];
}

/** Where the clients keep their leases. `pattern` chooses files; newest entries stand last within a file. */
interface LeasePlace {
  client: Lease["client"];
  folder: string;
  pattern: RegExp;
}

const PLACES: readonly LeasePlace[] = [
  { client: "dhclient", folder: "/var/lib/dhcp", pattern: /^dhclient.*\.leases?$/ },
  { client: "dhclient", folder: "/var/lib/dhclient", pattern: /^dhclient.*\.leases?$/ },
  { client: "network-manager", folder: "/var/lib/NetworkManager", pattern: /^(dhclient|internal)-.*\.leases?$/ },
  { client: "systemd-networkd", folder: "/run/systemd/netif/leases", pattern: /^\d+$/ },
  { client: "cloud-init", folder: "/run/cloud-init/tmp/cloud-init-dhcp", pattern: /leases?$/ },
  { client: "cloud-init", folder: "/var/tmp/cloud-init", pattern: /leases?$/ },
];

/** Bytes of one lease file that are read, and files of one folder: what is behind is old or not a lease file. */
const MAX_FILE_CHARACTERS = 1 << 20;
const MAX_FILES = 64;

/** All leases found below `root` ("/" but for tests). Files that cannot be read are left out; the newest of a file comes last. */
export function readLeases(root: string = "/"): Lease[] {
  return PLACES.flatMap(({ client, folder, pattern }) => {
    const path = join(root, folder);
    return filesOf(path)
      .filter((name) => pattern.test(name))
      .slice(0, MAX_FILES)
      .flatMap((name) => {
        const text = readText(join(path, name));
        return text === null ? [] : parseLeases(text, client, join(folder, name), name);
      });
  });
}

/** The leases of one file's text: dhclient's blocks or KEY=VALUE lines, told by the text itself. */
export function parseLeases(text: string, client: Lease["client"], file: string, name: string): Lease[] {
  return text.includes("lease {") ? parseDhclient(text, client, file) : parseKeyValues(text, client, file, name);
}

function parseDhclient(text: string, client: Lease["client"], file: string): Lease[] {
  return text
    .split(/^lease \{/m)
    .slice(1)
    .map((block) => {
      const option = (pattern: string): string | null =>
        new RegExp(`^[ \\t]*(?:option )?${pattern} ([^;]*);`, "m").exec(block)?.[1] ?? null;
      return {
        file,
        client,
        interface: unquote(option("interface")),
        interfaceIndex: null,
        address: option("fixed-address"),
        serverIdentifier: option("dhcp-server-identifier"),
        platformAddress: platformAddressOf(option("(?:unknown-245|private-245|azure-wireserver)")),
        hostRoutes: hostRoutesOfNumbers(
          option("(?:rfc3442-classless-static-routes|ms-classless-static-routes|unknown-121|unknown-249)"),
        ),
      };
    });
}

/** systemd-networkd's form: ADDRESS=, SERVER_ADDRESS=, ROUTES=destination/prefix,gateway ..., OPTION_245=hex. */
function parseKeyValues(text: string, client: Lease["client"], file: string, name: string): Lease[] {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const at = line.indexOf("=");
    if (at > 0 && !line.startsWith("#")) values.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  const address = values.get("ADDRESS") ?? null;
  if (address === null) return [];
  const routes = values.get("ROUTES") ?? values.get("CLASSLESS_ROUTES") ?? "";
  return [
    {
      file,
      client,
      interface: /^internal-.*-([^-]+)\.lease$/.exec(name)?.[1] ?? null,
      interfaceIndex: client === "systemd-networkd" ? Number.parseInt(name, 10) : null,
      address,
      serverIdentifier: values.get("SERVER_ADDRESS") ?? null,
      platformAddress: platformAddressOf(values.get("OPTION_245") ?? null),
      hostRoutes: routes.split(/\s+/).flatMap((route) => /^([\d.]+)\/32,/.exec(route)?.[1] ?? []),
    },
  ];
}

/** "a8:3f:81:10", "a83f8110", "168.63.129.16" or a quoted string of four bytes. */
function platformAddressOf(text: string | null): string | null {
  if (text === null) return null;
  const plain = unquote(text) ?? "";
  if (parseIpv4(plain) !== null) return plain;
  const digits = plain.includes(":")
    ? plain
        .split(":")
        .map((byte) => byte.padStart(2, "0"))
        .join("")
    : plain;
  return /^[0-9a-f]{8}$/i.test(digits) ? ipv4Text(Number.parseInt(digits, 16)) : "malformed";
}

/** dhclient's numbers: prefix length, the significant bytes of the destination, four bytes of the router, and again. */
function hostRoutesOfNumbers(text: string | null): string[] {
  const numbers = (text ?? "").split(/[,\s:]+/).map(Number);
  const routes: string[] = [];
  for (let at = 0; at < numbers.length; ) {
    const prefix = numbers[at] ?? Number.NaN;
    const significant = Math.ceil(prefix / 8);
    if (!(prefix >= 0 && prefix <= 32) || at + 1 + significant + 4 > numbers.length) break;
    if (prefix === 32) routes.push(numbers.slice(at + 1, at + 5).join("."));
    at += 1 + significant + 4;
  }
  return routes;
}

function unquote(text: string | null): string | null {
  return text === null ? null : text.replace(/^"(.*)"$/, "$1");
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "latin1").slice(0, MAX_FILE_CHARACTERS);
  } catch {
    return null;
  }
}
