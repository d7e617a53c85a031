/** The report's part about addresses and NICs. */
import type { FlowTracker } from "../flow/tracker.ts";
import type { NicFact } from "../rules/facts.ts";
import type { NicOf } from "../rules/flow-facts.ts";
import type { Services } from "../service/services.ts";
import type { PlatformAddress, PlatformSummary } from "./report.ts";

/** The NICs as rules and report count them, and how the tables' rows are found among them. */
export interface NicView {
  readonly nics: readonly NicFact[];
  readonly nicOf: NicOf;
  /** Index into `nics`; null when nothing tells. */
  readonly primary: number | null;
  readonly origin: "option" | "host" | "dhcp" | "inferred" | null;
}

export function nicsOf(tracker: FlowTracker, _services: Services): NicView {
  const standing = tracker.nics.standing();
  const nics = standing.map(
    (row, index): NicFact => ({
      index,
      interface: tracker.nics.interfaceName(row),
      mac: tracker.nics.macText(row),
      addresses: tracker.nics.addressTexts(row),
      primaryAddress: null,
      primary: null,
      inner: false,
      leaseHasPlatformRoute: null,
      platformPackets: tracker.nics.rows[row]?.platformPackets ?? 0,
    }),
  );
  return {
    nics,
    nicOf: (row) => {
      const index = row < 0 ? -1 : standing.indexOf(tracker.nics.current(row));
      return index < 0 ? null : index;
    },
    primary: null,
    origin: null,
  };
}

export function buildPlatform(addresses: readonly PlatformAddress[], view: NicView): PlatformSummary {
  const primary = view.primary === null ? undefined : view.nics[view.primary];
  return {
    addresses: [...addresses],
    primaryNic:
      primary === undefined || view.origin === null
        ? null
        : {
            interface: primary.interface,
            mac: primary.mac,
            addresses: [...primary.addresses],
            origin: view.origin,
          },
    nics: view.nics
      .filter((nic) => nic.mac !== null)
      .map((nic) => ({
        interface: nic.interface,
        mac: nic.mac ?? "",
        addresses: [...nic.addresses],
        primary: nic.primary,
        platformPackets: nic.platformPackets,
      })),
  };
}
