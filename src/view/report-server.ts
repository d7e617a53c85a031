/** Answers what a screen asks of one snapshot of an analysis. */
import type { Analysis } from "../analyzer.ts";
import { Packet } from "../decode/packet.ts";
import { MAX_FLOW_TRANSACTIONS, MAX_LADDER_PACKETS, MAX_SHOWN_FLOWS } from "../limits.ts";
import type { HeldPackets } from "../report/held-packets.ts";
import { packetLadder } from "../report/packet-ladder.ts";
import { layerLines } from "../report/packet-layers.ts";
import type { PacketLine } from "../report/packet-line.ts";
import { lineOf } from "../report/packet-lines.ts";
import type { DhcpExchange, PacketRef } from "../report/report.ts";
import type { ReportView } from "../report/report-view.ts";
import { packetKey } from "../report/values.ts";
import type {
  FlowDetail,
  Overview,
  PacketDetail,
  RowQuery,
  RowWindow,
  TableName,
  TableRows,
} from "../report/view-source.ts";
import { RowFinder } from "./row-finder.ts";
import type { Breathe } from "./table-columns.ts";

export class ReportServer {
  readonly revision: number;
  readonly view: ReportView;
  readonly finder: RowFinder;
  readonly #analysis: Analysis;
  readonly #held: HeldPackets;
  readonly #decoded: Packet = new Packet();
  #overview: Overview | null = null;

  /** `view` is the analysis' last snapshot. It must stay readable; without `breathe` for this turn of the event loop alone. */
  constructor(analysis: Analysis, view: ReportView, revision: number, breathe: Breathe) {
    this.#analysis = analysis;
    this.view = view;
    this.revision = revision;
    this.finder = new RowFinder(view, revision, breathe);
    this.#held = analysis.heldPackets();
  }

  /** Made at the first call, which is to be before the analysis goes on. */
  overview(): Overview {
    this.#overview ??= this.#makeOverview();
    return this.#overview;
  }

  rows<Table extends TableName>(query: RowQuery<Table>): Promise<RowWindow<TableRows[Table]>> {
    return this.finder.window(query);
  }

  async flow(id: number): Promise<FlowDetail | null> {
    const flow = this.view.flows.at(id);
    if (flow === undefined) return null;
    const { packets, leftOut } = packetLadder(this.#held, id, MAX_LADDER_PACKETS);
    const dhcp = this.#dhcpOf(id);
    // Where rows are valid for this turn alone, these promises settle within it.
    const [dns, http] = await Promise.all([
      this.finder.ofFlow("dns", id, MAX_FLOW_TRANSACTIONS),
      this.finder.ofFlow("http", id, MAX_FLOW_TRANSACTIONS),
    ]);
    return { revision: this.revision, flow, packets, packetsLeftOut: leftOut, dns, dhcp, http };
  }

  packet(ref: PacketRef): PacketDetail | null {
    const index = this.#held.find(ref);
    if (index < 0) return null;
    const bytes = this.#held.decode(index, this.#decoded);
    if (bytes === null) return null;
    return {
      line: lineOf(this.#held, index, this.#decoded),
      bytes,
      wireBytes: this.#held.source.packets.wireBytes(index),
      layers: layerLines(this.#decoded, this.#held.linkType(index)),
    };
  }

  packetLines(refs: readonly PacketRef[]): (PacketLine | null)[] {
    return refs.map((ref) => {
      const index = this.#held.find(ref);
      return index < 0 || this.#held.decode(index, this.#decoded) === null
        ? null
        : lineOf(this.#held, index, this.#decoded);
    });
  }

  #makeOverview(): Overview {
    const { schemaVersion, tool, capture, platform, services, manualTests, anomalies, limits, ruleSelection } =
      this.view;
    const { flows, dns, dhcp, http, probes } = this.view;
    return {
      revision: this.revision,
      report: {
        schemaVersion,
        tool,
        capture,
        platform,
        services,
        manualTests,
        anomalies: anomalies.map((one) => ({ ...one, flows: one.flows.slice(0, MAX_SHOWN_FLOWS) })),
        limits,
        ruleSelection,
      },
      counts: {
        flows: flows.length,
        dns: dns.transactions.length,
        dhcp: dhcp.exchanges.length,
        http: http.exchanges.length,
        probes: probes.length,
      },
      ...this.#analysis.activity(),
    };
  }

  /** Exchanges do not name their flow: it is that of their first message. */
  #dhcpOf(id: number): DhcpExchange[] {
    if (this.view.flows.at(id)?.service !== "dhcp") return [];
    const ofFlow = new Set<string>();
    for (const index of this.#held.ofFlow(id)) {
      ofFlow.add(packetKey(this.#held.refOf(index)));
    }
    return [...this.view.dhcp.exchanges].filter(
      ({ messages: [first] }) => first !== undefined && ofFlow.has(packetKey(first.packet)),
    );
  }
}
