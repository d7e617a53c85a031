import fc from "fast-check";
import { expect, test } from "vitest";
import { enhancedPacketBlock, interfaceDescriptionBlock, sectionHeaderBlock } from "../../src/capture/pcapng-writer.ts";
import { readChunks } from "../support/read-capture.ts";

test("an instant is written to the nanosecond, far beyond what a double holds", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 34 - 1 }),
      fc.integer({ min: 0, max: 999_999_999 }),
      (seconds, nanoseconds) => {
        const block = enhancedPacketBlock({
          interfaceIndex: 0,
          seconds,
          nanoseconds,
          bytes: new Uint8Array(0),
          wireBytes: 0,
          comments: [],
        });
        const view = new DataView(block.buffer);
        const ticks = (BigInt(view.getUint32(12, true)) << 32n) | BigInt(view.getUint32(16, true));
        expect(ticks).toBe(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
      },
    ),
  );
});

test("which NIC is the VM's primary one is read again", async () => {
  const eth = (name: string, primaryNic: string | null): Uint8Array =>
    interfaceDescriptionBlock({ linkType: 1, snapLength: null, name, primaryNic });
  const { facts } = await readChunks([sectionHeaderBlock("test"), eth("eth1", "eth0"), eth("eth2", null)]);
  expect(facts.interfaces.map(({ name, primaryNic }) => [name, primaryNic])).toEqual([
    ["eth1", "eth0"],
    ["eth2", null],
  ]);
});
