/** Tracks a capture file of the project as the analysis does, for tests of tracking alone. */

import { parseIpv6 } from "../../src/bytes/address.ts";
import { openFile } from "../../src/capture/open.ts";
import { Step, type TimeBase } from "../../src/capture/record.ts";
import { AddressSet } from "../../src/decode/address-set.ts";
import { decodePacket } from "../../src/decode/decode-packet.ts";
import { Packet } from "../../src/decode/packet.ts";
import { createPrefilter } from "../../src/decode/prefilter.ts";
import { FlowTracker } from "../../src/flow/tracker.ts";
import { Listening } from "./segments.ts";

const PLATFORM_ADDRESS = 0xa83f8110 | 0;

/** What tracking made of the file, with the platform at its usual two addresses. */
export async function trackFile(path: string): Promise<{ tracker: FlowTracker; listener: Listening; base: TimeBase }> {
  const addresses = new AddressSet();
  addresses.addIpv4(PLATFORM_ADDRESS);
  const [word0, word1, word2, word3] = parseIpv6("fe80::1234:5678:9abc") ?? [0, 0, 0, 0];
  addresses.addIpv6(word0 | 0, word1 | 0, word2 | 0, word3 | 0);
  const listener = new Listening();
  const tracker = new FlowTracker({ addresses, hashSeed: 1 }, listener);
  const base: TimeBase = { seconds: null };
  const source = await openFile(path, 0, { base, filterFor: (linkType) => createPrefilter(linkType, addresses) });
  const packet = new Packet();
  for (;;) {
    const step = source.next();
    if (step === Step.packet) {
      const { record } = source;
      decodePacket(record.linkType, record.view, record.start, record.end, record.wireBytes, packet);
      tracker.packet(packet, record, 0);
    } else if (step === Step.done) break;
    else await source.fill();
  }
  source.close();
  tracker.finish();
  return { tracker, listener, base };
}
