/** Writes the platform's packets as pcapng, evidence with its anomaly as a comment that Wireshark shows. */
import {
  enhancedPacketBlock,
  interfaceDescriptionBlock,
  interfaceStatisticsBlock,
  sectionHeaderBlock,
} from "../capture/pcapng-writer.ts";
import { decodePacket } from "../decode/decode-packet.ts";
import { Packet } from "../decode/packet.ts";
import type { Anomaly, ServiceName } from "../report/report.ts";
import type { ReportView } from "../report/report-view.ts";
import { packetKey } from "../report/values.ts";
import { VERSION } from "../version.ts";
import type { Anonymization } from "./anonymization.ts";
import { renewChecksums } from "./checksums.ts";
import type { ExtractPacket, ExtractSource } from "./extract-source.ts";
import { Redaction } from "./redaction.ts";
import { chosenPackets, type ExtractChoice, Selection } from "./selection.ts";

/** How packets are changed on their way. */
export interface ExtractOptions {
  readonly choice: ExtractChoice;
  readonly redact: boolean;
  /** Null to leave addresses and names as they are. */
  readonly anonymization: Anonymization | null;
}

/** What came of it. */
export interface ExtractResult {
  readonly written: number;
  /** Chosen packets whose bytes are no longer to be had. */
  readonly missing: number;
}

/** Writes block by block. The order is that of the capture. */
export async function writeExtract(
  source: ExtractSource,
  report: ReportView,
  options: ExtractOptions,
  write: (block: Uint8Array) => Promise<void>,
): Promise<ExtractResult> {
  const changes = new PacketChanges(source, report, options);
  const comments = options.anonymization === null ? commentsOf(report.anomalies) : new Map<string, string[]>();
  await write(sectionHeaderBlock(`vipscope ${VERSION}`));
  for (const one of source.interfaces) await write(interfaceDescriptionBlock(one));
  let written = 0;
  let missing = 0;
  const selection = new Selection(options.choice, report);
  for (const packet of chosenPackets(source, selection, options.choice.aroundSeconds)) {
    const bytes = packet.read();
    if (bytes === null) {
      missing++;
      continue;
    }
    changes.apply(bytes, packet);
    const { interfaceIndex, seconds, nanoseconds, wireBytes } = packet;
    const about = comments.get(packetKey(packet.packet)) ?? [];
    await write(enhancedPacketBlock({ interfaceIndex, seconds, nanoseconds, bytes, wireBytes, comments: about }));
    written++;
  }
  for (const [index, one] of source.interfaces.entries()) {
    if (source.span === null) continue;
    const { from, to } = source.span;
    await write(interfaceStatisticsBlock(index, from, to, one.droppedPackets));
  }
  return { written, missing };
}

/** Changes packets as the options say. */
class PacketChanges {
  private readonly source: ExtractSource;
  private readonly options: ExtractOptions;
  private readonly redaction: Redaction | null;
  private readonly services: Map<number, ServiceName> = new Map();
  private readonly decoded: Packet = new Packet();

  constructor(source: ExtractSource, report: ReportView, options: ExtractOptions) {
    this.source = source;
    this.options = options;
    this.redaction = options.redact || options.anonymization !== null ? new Redaction() : null;
    if (this.redaction !== null) for (const flow of report.flows) this.services.set(flow.id, flow.service);
  }

  apply(bytes: Uint8Array, packet: ExtractPacket): void {
    if (this.redaction === null) return;
    const { decoded, options } = this;
    const linkType = this.source.interfaces[packet.interfaceIndex]?.linkType ?? -1;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    decodePacket(linkType, view, 0, bytes.length, packet.wireBytes, decoded);
    const service = packet.flow === null ? null : (this.services.get(packet.flow) ?? null);
    this.redaction.redact(bytes, decoded, packet.flow, service, packet.toPlatform);
    options.anonymization?.anonymize(bytes, decoded, linkType, packet.wireBytes);
    renewChecksums(view, decoded);
  }
}

/** The comments of evidence packets, by source and frame. */
function commentsOf(anomalies: readonly Anomaly[]): Map<string, string[]> {
  const comments = new Map<string, string[]>();
  for (const { rule, severity, summary, packets } of anomalies) {
    for (const packet of packets) {
      const key = packetKey(packet);
      comments.set(key, [...(comments.get(key) ?? []), `${severity}: ${rule}: ${summary}`]);
    }
  }
  return comments;
}
