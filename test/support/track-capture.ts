/** Tracks a capture file of the project, without what comes after tracking. */
import { fileURLToPath } from "node:url";
import { parseIpv4 } from "../../src/bytes/address.ts";
import { openCapture } from "../../src/capture/merge.ts";
import { Step, type TimeBase } from "../../src/capture/record.ts";
import { AddressSet } from "../../src/decode/address-set.ts";
import { decodePacket } from "../../src/decode/decode-packet.ts";
import { Packet } from "../../src/decode/packet.ts";
import type { ConversationListener } from "../../src/flow/listener.ts";
import { FlowTracker } from "../../src/flow/tracker.ts";

/** Where a shipped capture stands. */
export function capturePath(name: string): string {
  return fileURLToPath(new URL(`../../captures/${name}`, import.meta.url));
}

/** Wants every stream, and does nothing with what it is told but what `own` says. */
export function listenerOf(own: Partial<ConversationListener> = {}): ConversationListener {
  return { opened: () => true, datagram() {}, stream() {}, gap() {}, closed() {}, released() {}, ...own };
}

/** What `captures/classic.pcap` has for a platform address. */
export const CLASSIC_ADDRESS = "100.115.176.3";

/** Reads the captures as one, all packets decoded. Platform addresses are the default ones and that of `captures/classic.pcap`. */
export async function trackCaptures(
  names: readonly string[],
  listener: ConversationListener = listenerOf(),
): Promise<FlowTracker> {
  const addresses = new AddressSet();
  addresses.addIpv4(0xa83f8110 | 0);
  addresses.addIpv4((parseIpv4(CLASSIC_ADDRESS) ?? 0) | 0);
  addresses.addIpv6(0xfe800000 | 0, 0, 0x1234, 0x56789abc);
  const tracker = new FlowTracker({ addresses, hashSeed: 1 }, listener);
  const base: TimeBase = { seconds: null };
  const { facts, records } = await openCapture(names.map(capturePath), { base, filterFor: () => () => 1 });
  const packet = new Packet();
  for (;;) {
    const step = records.next();
    if (step === Step.done) break;
    if (step !== Step.packet) {
      await records.fill();
      continue;
    }
    const { record, sourceIndex } = records;
    for (const { index, name } of facts[sourceIndex]?.interfaces ?? [])
      if (name !== null) tracker.nics.nameInterface(sourceIndex, index, name);
    decodePacket(record.linkType, record.view, record.start, record.end, record.wireBytes, packet);
    tracker.packet(packet, record, sourceIndex);
  }
  tracker.finish();
  records.close();
  return tracker;
}
