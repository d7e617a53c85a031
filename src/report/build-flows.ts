/** The report's flows, made from the tables one at a time. */

import { connState } from "../flow/conn-state.ts";
import { FlowField, FlowKind } from "../flow/flow-table.ts";
import { SideField, TcpField } from "../flow/tcp-table.ts";
import type { NicFact } from "../rules/facts.ts";
import { FlowRow, type FlowTables, type NicOf, sideCounts } from "../rules/flow-facts.ts";
import type { AnomalyIndex } from "./build-anomalies.ts";
import { type InstantOf, milliseconds, tidyMs } from "./instants.ts";
import type { Counters, Flow, TcpSummary } from "./report.ts";

/** What a flow is made of beside its row. */
export interface FlowContext {
  readonly tables: FlowTables;
  readonly nicOf: NicOf;
  readonly nics: readonly NicFact[];
  readonly anomalies: AnomalyIndex;
  readonly instantOf: InstantOf;
}

/** The flow with this id, in this row. */
export function buildFlow(id: number, row: number, context: FlowContext): Flow {
  const { tables, instantOf } = context;
  const { flows } = tables;
  const fact = new FlowRow(id, row, tables, context.nicOf);
  const { startedNs, endedNs } = fact;
  const nic = fact.nicTo ?? fact.nicFrom;
  const vlan = flows.int(row, FlowField.vlan);
  return {
    id,
    service: fact.service,
    protocol: fact.protocol,
    initiator: fact.initiator,
    vm: {
      address: fact.vmAddress,
      port: fact.vmPort,
      mac: fact.vmMac,
      interface: nic === null ? null : (context.nics[nic]?.interface ?? null),
    },
    platform: { address: fact.platformAddress, port: fact.platformPort, mac: fact.platformMac },
    vlan: vlan < 0 ? null : vlan,
    startedAt: instantOf(startedNs),
    endedAt: instantOf(endedNs),
    durationMs: milliseconds(endedNs - startedNs),
    packets: fact.packets,
    bytes: {
      toPlatform: flows.double(row, FlowField.bytesTo),
      fromPlatform: flows.double(row, FlowField.bytesFrom),
    },
    payloadBytes: fact.payloadBytes,
    duplicatePackets: fact.duplicatePackets,
    tcp:
      flows.int(row, FlowField.kind) === FlowKind.tcp ? buildTcp(fact, flows.int(row, FlowField.tcp), context) : null,
    anomalies: [...context.anomalies.ofFlow(id)],
  };
}

function buildTcp(fact: FlowRow, row: number, { tables }: FlowContext): TcpSummary | null {
  const told = fact.tcp;
  if (told === null) return null;
  const tcp = tables.tcp.table;
  const roundTrip = tables.tcp.roundTrip(row);
  return {
    outcome: told.outcome,
    ending: told.ending,
    connState: connState(
      tcp.int(row, TcpField.endpoints),
      fact.payloadBytes.toPlatform + fact.payloadBytes.fromPlatform > 0,
    ),
    handshakeMs: told.handshakeMs,
    synRetransmissions: told.synRetransmissions,
    retransmissions: told.retransmissions,
    outOfOrder: told.outOfOrder,
    duplicateAcks: told.duplicateAcks,
    zeroWindows: told.zeroWindows,
    lostSegments: told.lostBytes,
    maxSegmentSize: bothKnown(sideCounts(tcp, row, SideField.maxSegmentSize)),
    windowScale: bothKnown(sideCounts(tcp, row, SideField.windowScale)),
    roundTripMs:
      roundTrip === null
        ? null
        : {
            min: milliseconds(roundTrip.minNs),
            median: tidyMs(roundTrip.medianNs / 1e6) ?? 0,
            max: milliseconds(roundTrip.maxNs),
          },
  };
}

function bothKnown(counters: Counters): Counters | null {
  return counters.toPlatform < 0 || counters.fromPlatform < 0 ? null : counters;
}
