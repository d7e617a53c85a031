/** The table of flows. */
import { cameToBe } from "../../report/connection-outcomes.ts";
import { SERVICE_TITLES } from "../../report/headline.ts";
import type { Anomaly, Counters, Flow } from "../../report/report.ts";
import { endpoint, span } from "../../report/values.ts";
import { type ColumnContext, column, detail, outcomeColumn, type TableShape } from "./table-columns.ts";

export function flowTable(context: ColumnContext, anomalies: readonly Anomaly[]): TableShape<Flow> {
  const { instants, usualAddress } = context;
  const grave = anomalies.map(({ severity }) => severity !== "notice");
  return {
    isOdd: (flow) => !opensSoundly(flow) || flow.anomalies.some((index) => grave[index] === true),
    columns: [
      column("flow", "Flow", "number", (flow) => flow.id),
      column("started", "Started", "instant", (flow) => instants.ns(flow.startedAt)),
      column("service", "Service", "text", (flow) => SERVICE_TITLES[flow.service]),
      column("vm", "VM", "text", (flow) => endpoint(flow.vm.address, flow.vm.port), true),
      column("platform", "Platform", "text", (flow) => platformSide(flow, usualAddress)),
      outcomeColumn("outcome", "Outcome", outcomeText, (flow) => !opensSoundly(flow)),
      column("packets", "Packets", "number", (flow) => sum(flow.packets)),
      column("bytes", "Bytes", "size", (flow) => sum(flow.bytes)),
      column("took", "Took", "duration", (flow) => flow.durationMs),
      column("anomalies", "Anomalies", "anomalies", (flow) => anomalyNumbers(flow.anomalies)),
      detail("began", "Began by", "text", (flow) => initiatorText(flow)),
      detail("interface", "Interface", "text", (flow) => flow.vm.interface),
      detail("vm-mac", "VM’s MAC", "text", (flow) => flow.vm.mac),
      detail("platform-mac", "Platform’s MAC", "text", (flow) => flow.platform.mac),
      detail("vlan", "VLAN", "number", (flow) => flow.vlan),
      detail("packets-each", "Packets to / from the platform", "text", (flow) => pair(flow.packets)),
      detail("bytes-each", "Bytes to / from", "text", (flow) => pair(flow.bytes)),
      detail("payload-each", "Payload bytes to / from", "text", (flow) => pair(flow.payloadBytes)),
      detail("duplicates", "Duplicate packets", "number", (flow) => flow.duplicatePackets),
      detail("state", "Zeek’s conn_state", "text", ({ tcp }) => tcp?.connState),
      detail("handshake", "Handshake", "duration", ({ tcp }) => tcp?.handshakeMs),
      detail("round-trip", "Round trip, min / median / max", "text", ({ tcp }) =>
        roundTripText(tcp?.roundTripMs ?? null),
      ),
      detail("syn-retries", "SYN retransmissions", "number", ({ tcp }) => tcp?.synRetransmissions),
      detail("retransmissions", "Retransmissions to / from", "text", ({ tcp }) => tcp && pair(tcp.retransmissions)),
      detail("out-of-order", "Out of order to / from", "text", ({ tcp }) => tcp && pair(tcp.outOfOrder)),
      detail("duplicate-acks", "Duplicate ACKs to / from", "text", ({ tcp }) => tcp && pair(tcp.duplicateAcks)),
      detail("zero-windows", "Zero windows to / from", "text", ({ tcp }) => tcp && pair(tcp.zeroWindows)),
      detail("lost", "Lost to the capture, bytes to / from", "text", ({ tcp }) => tcp && pair(tcp.lostSegments)),
      detail("mss", "MSS of VM / platform", "text", ({ tcp }) => tcp?.maxSegmentSize && pair(tcp.maxSegmentSize)),
      detail("scale", "Window scale of VM / platform", "text", ({ tcp }) => tcp?.windowScale && pair(tcp.windowScale)),
    ],
  };
}

function opensSoundly({ tcp }: Flow): boolean {
  return tcp === null || cameToBe(tcp.outcome);
}

/** "tcp/80"; with the address when it is not the usual one. */
function platformSide({ platform, protocol }: Flow, usual: string | undefined): string {
  const what = platform.port === null ? protocol : `${protocol}/${platform.port}`;
  return platform.address === usual ? what : `${what} ${platform.address}`;
}

function outcomeText({ tcp, packets }: Flow): string {
  if (tcp !== null) return tcp.ending === null ? tcp.outcome : `${tcp.outcome}, ${tcp.ending}`;
  return packets.toPlatform > 0 && packets.fromPlatform > 0 ? "two-way" : "one-way";
}

function initiatorText({ initiator }: Flow): string {
  return initiator === null ? "not known" : initiator === "vm" ? "the VM" : "the platform";
}

/** Anomalies are numbered from 1 on the page. */
function anomalyNumbers(indexes: readonly number[]): string | null {
  return indexes.length === 0 ? null : indexes.map((index) => index + 1).join(" ");
}

function sum({ toPlatform, fromPlatform }: Counters): number {
  return toPlatform + fromPlatform;
}

function pair({ toPlatform, fromPlatform }: Counters): string {
  return `${toPlatform} / ${fromPlatform}`;
}

function roundTripText(times: { min: number; median: number; max: number } | null): string | null {
  return times === null ? null : `${span(times.min)} / ${span(times.median)} / ${span(times.max)}`;
}
