/** The facts that the rules see, from the tables of an analysis. */

import { parseIpv4 } from "../bytes/address.ts";
import type { Facts } from "../rules/facts.ts";
import { factsFromTables } from "../rules/facts-from-tables.ts";
import type { FlowOrder } from "../rules/flow-order.ts";
import { type FlowTally, tallyFlows, type Usual } from "../rules/flow-tally.ts";
import { dnsSilenceTells } from "../service/dns-silence.ts";
import type { ProbeSeriesRecord } from "../service/records.ts";
import type { Services } from "../service/services.ts";
import type { NicView } from "./build-platform.ts";
import type { ReportSource } from "./report-source.ts";

/** Tells the services how far the capture goes: what they answer depends on it. */
export function setObservedTime({ services, sources, observedNs }: ReportSource): void {
  const earliest = sources.map(({ facts }) => facts.earliestNs).filter((ns) => ns !== null);
  const latest = sources.map(({ facts }) => facts.latestNs).filter((ns) => ns !== null);
  const startedNs = earliest.length === 0 ? null : Math.min(...earliest);
  const endedNs = latest.length === 0 ? null : Math.max(...latest, observedNs ?? Number.NEGATIVE_INFINITY);
  services.time.startedNs = startedNs;
  services.time.endedNs = endedNs;
}

/** One walk over the flows. */
export function tallyOf({ tracker }: ReportSource, order: FlowOrder, view: NicView): FlowTally {
  const primary = view.primary === null ? undefined : view.nics[view.primary];
  const usual: Usual = {
    // One that was named and not seen is none of those that were.
    primaryNic: view.primary ?? (view.unseen === null ? -1 : view.nics.length),
    primaryAddress: primary?.primaryAddress == null ? null : ipv4Word(primary.primaryAddress),
    sameNic: (nic) => view.nicOf(nic) ?? -1,
  };
  return tallyFlows(tracker.flows, tracker.tcp.table, order, usual);
}

/** The facts. The observed time is set, and `probes` are those of the services, which are costly to gather. */
export function buildFacts(
  source: ReportSource,
  order: FlowOrder,
  view: NicView,
  tally: FlowTally,
  probes: readonly ProbeSeriesRecord[],
): Facts {
  const { tracker, services, sources } = source;
  const { counters } = tracker;
  const { startedNs, endedNs } = services.time;
  const dropped = sources.flatMap(({ facts }) =>
    facts.interfaces.map((one) => one.droppedPackets).filter((count) => count !== null),
  );
  const packets = sources.reduce((sum, { facts }) => sum + facts.packets, 0);
  return factsFromTables({
    tracker,
    services: {
      dns: services.dns,
      dnsMismatches: services.dnsMismatches,
      dhcp: services.dhcp,
      http: services.http,
      probes,
    },
    order,
    tally,
    nics: view.nics,
    nicOf: view.nicOf,
    platform: {
      addresses: source.addresses.map(({ address }) => address),
      primaryNic: view.primary,
      primaryNicOrigin: view.origin,
      gatewayMacs: gatewayMacs(services),
    },
    capture: {
      startedNs,
      endedNs,
      durationMs: startedNs === null || endedNs === null ? null : (endedNs - startedNs) / 1e6,
      platformPackets: counters.platformPackets,
      packets,
      truncatedPackets: sources.reduce((sum, { facts }) => sum + facts.truncatedPackets, 0),
      duplicatePackets: counters.duplicatePackets,
      droppedPackets: dropped.length === 0 ? null : dropped.reduce((sum, count) => sum + count, 0),
      filtered: packets > 0 && counters.platformPackets + source.arpPackets >= packets,
      live: source.live,
      dnsSilenceTells: dnsSilenceTells(
        services.dnsTransactions,
        endedNs,
        source.live || tracker.signs.timeToLives.length > 0,
      ),
      clockJumps: sources.flatMap(({ facts }, index) =>
        facts.clockJumps.map(({ frame, fromNs, toNs }) => ({ source: index, frame, fromNs, toNs })),
      ),
    },
  });
}

/** MACs by which DHCP servers answer: the gateway's. */
function gatewayMacs(services: Services): string[] {
  const macs = new Set<string>();
  for (const exchange of services.dhcp) {
    for (const { fromClient, sourceMac } of exchange.messages)
      if (!fromClient && sourceMac !== null) macs.add(sourceMac);
  }
  return [...macs];
}

function ipv4Word(text: string): number | null {
  const address = parseIpv4(text);
  return address === null ? null : address | 0;
}
