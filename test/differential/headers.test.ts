import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { validPacket } from "../support/arbitrary-packet.ts";
import { decodeInBlock } from "../support/decode-in-block.ts";
import { pcapFile } from "../support/pcap-writer.ts";
import { hasTool } from "../support/tools.ts";
import { headersByTshark, headersOf } from "../support/tshark-headers.ts";

/** Always the same packets, so that a difference can be looked at. */
const SEED = 16_863;
const PACKETS = 1500;

const samples = fc.sample(validPacket, { seed: SEED, numRuns: PACKETS });

describe.skipIf(!hasTool("tshark"))("tshark reads the same headers", () => {
  test.each([...new Set(samples.map(({ linkType }) => linkType))])("of link type %i", (linkType) => {
    const packets = samples.filter((sample) => sample.linkType === linkType).map(({ bytes }) => bytes);
    const capture = pcapFile(
      packets.map((bytes) => ({ seconds: 1_700_000_000, fraction: 0, bytes })),
      { linkType },
    );
    const ours = packets.map((bytes) => headersOf(decodeInBlock(linkType, bytes)));
    expect(ours).toEqual(headersByTshark(capture));
  });
});
