import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Packet } from "../../src/decode/packet.ts";
import { Defragmenter, FRAGMENT_TIMEOUT_NS } from "../../src/flow/defragment.ts";
import { MAX_DATAGRAM_FRAGMENTS, MAX_FRAGMENTED_DATAGRAMS, MAX_FRAGMENTS_BYTES } from "../../src/limits.ts";
import { fragmentPacket } from "../support/flow-packets.ts";

/** Adds a fragment, overwrites its block, and returns the datagram's text when it became whole; null otherwise. */
function add(defragmenter: Defragmenter, fragment: Packet, atNs = 0): string | null {
  const whole = defragmenter.add(fragment, atNs);
  new Uint8Array(fragment.view.buffer).fill(0x21);
  return whole ? textOf(defragmenter) : null;
}

function textOf(defragmenter: Defragmenter): string {
  return new TextDecoder().decode(new Uint8Array(defragmenter.view.buffer, 0, defragmenter.end));
}

const IPV6 = { source: "fe80::1", destination: "fe80::1234:5678:9abc" };

describe("fragments that fit", () => {
  test("a datagram is whole when its last fragment has come", () => {
    const defragmenter = new Defragmenter();
    expect(add(defragmenter, fragmentPacket(0, true, { payload: "abcdefgh" }))).toBe(null);
    expect(add(defragmenter, fragmentPacket(8, false, { payload: "ij" }))).toBe("abcdefghij");
    expect([defragmenter.protocol, defragmenter.totalBytes, defragmenter.heldBytes]).toEqual([17, 10, 0]);
  });

  test("fragments may come in any order and twice", () => {
    const defragmenter = new Defragmenter();
    expect(add(defragmenter, fragmentPacket(16, false, { payload: "q" }))).toBe(null);
    expect(add(defragmenter, fragmentPacket(8, true, { payload: "ijklmnop" }))).toBe(null);
    expect(add(defragmenter, fragmentPacket(8, true, { payload: "ijklmnop" }))).toBe(null);
    expect(add(defragmenter, fragmentPacket(0, true, { payload: "abcdefgh" }))).toBe("abcdefghijklmnopq");
  });

  test("datagrams with other addresses, identification or protocol are apart", () => {
    const defragmenter = new Defragmenter();
    const first = fragmentPacket(0, true, { payload: "abcdefgh", identification: 1 });
    const otherProtocol = fragmentPacket(8, false, { payload: "no", identification: 1 });
    otherProtocol.protocol = 6;
    expect(add(defragmenter, first)).toBe(null);
    expect(add(defragmenter, fragmentPacket(8, false, { payload: "no", identification: 2 }))).toBe(null);
    expect(add(defragmenter, fragmentPacket(8, false, { payload: "no", source: "10.0.0.5" }))).toBe(null);
    expect(add(defragmenter, otherProtocol)).toBe(null);
    expect(add(defragmenter, fragmentPacket(8, false, { payload: "ok", identification: 1 }))).toBe("abcdefghok");
  });

  test("an IPv6 datagram has the protocol of its first fragment, whatever the others name", () => {
    const defragmenter = new Defragmenter();
    const last = fragmentPacket(8, false, { payload: "ij", ...IPV6 });
    last.protocol = 60;
    expect(add(defragmenter, last)).toBe(null);
    expect(add(defragmenter, fragmentPacket(0, true, { payload: "abcdefgh", ...IPV6 }))).toBe("abcdefghij");
    expect(defragmenter.protocol).toBe(17);
  });

  test("what follows the first cut is not there, and the length on the wire stays known", () => {
    const defragmenter = new Defragmenter();
    add(defragmenter, fragmentPacket(0, true, { payload: "abcdefgh" }));
    add(defragmenter, fragmentPacket(8, true, { payload: "ij", payloadBytes: 8 }));
    expect(add(defragmenter, fragmentPacket(16, false, { payload: "qr" }))).toBe("abcdefghij");
    expect(defragmenter.totalBytes).toBe(18);
  });

  test("the largest datagram is put together", () => {
    const defragmenter = new Defragmenter();
    add(defragmenter, fragmentPacket(0, true, { payload: new Uint8Array(65528) }));
    expect(defragmenter.add(fragmentPacket(65528, false, { payload: new Uint8Array(7) }), 0)).toBe(true);
    expect(defragmenter.end).toBe(65535);
  });
});

describe("fragments that do not fit", () => {
  test("of overlapping IPv4 fragments the first copy of each byte counts", () => {
    const defragmenter = new Defragmenter();
    add(defragmenter, fragmentPacket(8, true, { payload: "IJKLMNOP" }));
    add(defragmenter, fragmentPacket(0, true, { payload: "abcdefghijklmnopqrstuvwx" }));
    expect(add(defragmenter, fragmentPacket(24, false, { payload: "y" }))).toBe("abcdefghIJKLMNOPqrstuvwxy");
  });

  test("a last fragment within an earlier one (teardrop) ends nothing", () => {
    const defragmenter = new Defragmenter();
    add(defragmenter, fragmentPacket(0, true, { payload: "abcdefghijklmnopqrstuvwx" }));
    expect(add(defragmenter, fragmentPacket(8, false, { payload: "XY" }))).toBe(null);
    expect(add(defragmenter, fragmentPacket(24, false, { payload: "yz" }))).toBe("abcdefghijklmnopqrstuvwxyz");
  });

  test("bytes beyond the datagram's end are ignored", () => {
    const defragmenter = new Defragmenter();
    add(defragmenter, fragmentPacket(8, false, { payload: "ij" }));
    add(defragmenter, fragmentPacket(8, true, { payload: "xxxxxxxx" }));
    expect(add(defragmenter, fragmentPacket(0, true, { payload: "abcdefgh" }))).toBe("abcdefghij");
  });

  test("an overlap discards the whole IPv6 datagram and all that still comes of it", () => {
    const defragmenter = new Defragmenter();
    add(defragmenter, fragmentPacket(0, true, { payload: "abcdefghijklmnop", ...IPV6 }));
    add(defragmenter, fragmentPacket(8, true, { payload: "IJKLMNOP", ...IPV6 }));
    expect(defragmenter.heldBytes).toBe(0);
    expect(add(defragmenter, fragmentPacket(0, true, { payload: "abcdefgh", ...IPV6 }))).toBe(null);
    expect(add(defragmenter, fragmentPacket(8, false, { payload: "ij", ...IPV6 }))).toBe(null);
  });

  test("a fragment that reaches beyond 65535 bytes (ping of death) is ignored", () => {
    const defragmenter = new Defragmenter();
    expect(add(defragmenter, fragmentPacket(65528, false, { payload: "12345678" }))).toBe(null);
    expect(defragmenter.heldBytes).toBe(0);
  });

  test("a fragment other than the last that is no multiple of eight bytes, or empty, is ignored", () => {
    const defragmenter = new Defragmenter();
    expect(add(defragmenter, fragmentPacket(0, true, { payload: "abc" }))).toBe(null);
    expect(add(defragmenter, fragmentPacket(8, false, { payload: "" }))).toBe(null);
    expect(defragmenter.heldBytes).toBe(0);
  });

  test("a fragment that comes after the time-out begins a new datagram", () => {
    const defragmenter = new Defragmenter();
    add(defragmenter, fragmentPacket(0, true, { payload: "abcdefgh" }), 0);
    expect(add(defragmenter, fragmentPacket(8, false, { payload: "ij" }), FRAGMENT_TIMEOUT_NS + 1)).toBe(null);
    expect(add(defragmenter, fragmentPacket(0, true, { payload: "ABCDEFGH" }), FRAGMENT_TIMEOUT_NS + 2)).toBe(
      "ABCDEFGHij",
    );
  });
});

describe("bounds", () => {
  test("one datagram more than the bound lets go of the oldest", () => {
    const defragmenter = new Defragmenter();
    for (let identification = 0; identification <= MAX_FRAGMENTED_DATAGRAMS; identification++)
      add(defragmenter, fragmentPacket(0, true, { payload: "abcdefgh", identification }));
    expect(defragmenter.bytesNotReassembled).toBe(8);
    expect(add(defragmenter, fragmentPacket(8, false, { payload: "ij", identification: 1 }))).toBe("abcdefghij");
  });

  test("a datagram of too many fragments is let go, and the rest of it ignored", () => {
    const defragmenter = new Defragmenter();
    for (let index = 0; index <= MAX_DATAGRAM_FRAGMENTS; index++)
      add(defragmenter, fragmentPacket(8 + index * 8, true, { payload: "abcdefgh" }));
    expect(defragmenter.heldBytes).toBe(0);
    expect(defragmenter.bytesNotReassembled).toBe(MAX_DATAGRAM_FRAGMENTS * 8);
  });

  test("a flood of large fragments stays under the bound", () => {
    const defragmenter = new Defragmenter();
    const payload = new Uint8Array(16);
    for (let identification = 0; identification < 1000; identification++) {
      add(defragmenter, fragmentPacket(65504, true, { payload, identification }));
      expect(defragmenter.heldBytes).toBeLessThanOrEqual(MAX_FRAGMENTS_BYTES);
    }
  });
});

describe("any datagram", () => {
  const datagram = fc.tuple(fc.uint8Array({ minLength: 9, maxLength: 400 }), fc.integer({ min: 1, max: 8 }));

  test("fragments in any order, with repeats, give exactly the datagram once", () => {
    const cases = datagram.chain(([bytes, units]) => {
      const starts = Array.from(
        { length: Math.ceil(bytes.length / (units * 8)) },
        (_unused, index) => index * units * 8,
      );
      return fc.tuple(
        fc.constant(bytes),
        fc.constant(units * 8),
        fc.shuffledSubarray(starts, { minLength: starts.length }),
      );
    });
    fc.assert(
      fc.property(cases, fc.boolean(), ([bytes, step, starts], repeats) => {
        const defragmenter = new Defragmenter();
        const results: Uint8Array[] = [];
        for (const [index, start] of starts.entries()) {
          const more = start + step < bytes.length;
          const payload = bytes.slice(start, start + step);
          const copies = repeats && index < starts.length - 1 ? 2 : 1;
          for (let copy = 0; copy < copies; copy++) {
            if (defragmenter.add(fragmentPacket(start, more, { payload }), index))
              results.push(new Uint8Array(defragmenter.view.buffer, 0, defragmenter.end));
          }
        }
        expect(results).toEqual([bytes]);
        expect(defragmenter.heldBytes).toBe(0);
      }),
    );
  });

  test("random fragments never throw, never hold more than the bound, and tell a datagram only of bytes that came", () => {
    const fragment = fc.record({
      offset: fc.integer({ min: 0, max: 20 }).map((units) => units * 8),
      more: fc.boolean(),
      payload: fc.uint8Array({ maxLength: 48 }),
      stated: fc.integer({ min: 0, max: 64 }),
      identification: fc.integer({ min: 0, max: 2 }),
      source: fc.constantFrom("10.0.0.4", "fe80::1"),
    });
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 60 }), (fragments) => {
        const defragmenter = new Defragmenter();
        for (const { offset, more, payload, stated, identification, source } of fragments) {
          const payloadBytes = Math.max(stated, payload.length);
          const packet = fragmentPacket(offset, more, { payload, payloadBytes, identification, source });
          if (defragmenter.add(packet, 0)) {
            expect(defragmenter.end).toBeLessThanOrEqual(defragmenter.totalBytes);
            expect(defragmenter.view.byteLength).toBeGreaterThanOrEqual(defragmenter.end);
          }
          expect(defragmenter.heldBytes).toBeLessThanOrEqual(MAX_FRAGMENTS_BYTES);
        }
      }),
    );
  });
});
