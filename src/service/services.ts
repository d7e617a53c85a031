/** Says of each conversation what it is for, and hands its payload to the service that understands it. */
import { FlowField, FlowKind, type FlowTable } from "../flow/flow-table.ts";
import type { ConversationListener } from "../flow/listener.ts";
import { classify } from "./platform.ts";
import type { DhcpRecord, DnsMismatchRecord, DnsRecord, HttpRecord, ProbeSeriesRecord } from "./records.ts";

/** So far it classifies; the stores are empty. */
export class Services implements ConversationListener {
  flows: FlowTable | null = null;
  readonly dns: readonly DnsRecord[] = [];
  readonly dnsMismatches: readonly DnsMismatchRecord[] = [];
  readonly dhcp: readonly DhcpRecord[] = [];
  readonly http: readonly HttpRecord[] = [];
  readonly probes: readonly ProbeSeriesRecord[] = [];
  opened(flow: number): boolean {
    const flows = this.flows;
    if (flows === null) return false;
    const int = (field: number): number => flows.int(flow, field);
    flows.setInt(
      flow,
      FlowField.service,
      int(FlowField.kind) === FlowKind.dhcp
        ? 4
        : classify(int(FlowField.protocol), int(FlowField.platformPort), int(FlowField.vmPort), 0),
    );
    return true;
  }
  datagram(): void {}
  stream(): void {}
  gap(): void {}
  closed(): void {}
  released(): void {}
}
