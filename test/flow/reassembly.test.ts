import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HELD_OVERHEAD_BYTES } from "../../src/flow/held-stream.ts";
import { MAX_WINDOW_BYTES, StreamAssembler, type StreamSink } from "../../src/flow/reassembly.ts";
import { tcpPacket } from "../support/flow-packets.ts";

const FIN_ACK = 0x11;
const SYN = 0x02;

/** Records what one direction of flow 7 delivers: text, "<n>" for a gap of n bytes, "." for the end. Overwrites the block after each call. */
class Stream implements StreamSink {
  readonly assembler: StreamAssembler;
  expected: number;
  text = "";
  readonly packets: number[] = [];
  private calls = 0;

  constructor(expected = 1000, maxStreamBytes?: number, maxBytes?: number) {
    this.assembler = new StreamAssembler(this, maxStreamBytes, maxBytes);
    this.expected = expected;
  }

  segment(sequence: number, payload: string | Uint8Array, more: { payloadBytes?: number; flags?: number } = {}): this {
    const packet = tcpPacket({ sequence, payload, ...more });
    this.expected = this.assembler.segment(7, true, this.expected, packet, this.calls++, this.calls);
    new Uint8Array(packet.view.buffer).fill(0x21);
    return this;
  }

  acknowledged(acknowledgment: number): this {
    this.expected = this.assembler.acknowledged(7, true, this.expected, acknowledgment, this.calls++, this.calls);
    return this;
  }

  flush(): this {
    this.expected = this.assembler.flush(7, true, this.expected, this.calls++, this.calls);
    return this;
  }

  stream(_f: number, _t: boolean, packet: number, _at: number, view: DataView, start: number, end: number): void {
    for (let at = start; at < end; at++) this.text += String.fromCharCode(view.getUint8(at));
    this.packets.push(packet);
  }

  gap(_flow: number, _toPlatform: boolean, _packet: number, _atNs: number, bytes: number): void {
    this.text += `<${bytes}>`;
  }

  closed(): void {
    this.text += ".";
  }
}

describe("in order", () => {
  test("bytes in order are delivered at once", () => {
    expect(new Stream().segment(1000, "ab").segment(1002, "cd").text).toBe("abcd");
  });

  test("in-order bytes come straight from the block, and nothing is held", () => {
    const packet = tcpPacket({ sequence: 1000, payload: "ab" });
    const views: DataView[] = [];
    const sink: StreamSink = { stream: (_f, _t, _p, _a, view) => views.push(view), gap: () => {}, closed: () => {} };
    const assembler = new StreamAssembler(sink);
    assembler.segment(1, true, 1000, packet, 0, 0);
    expect(views[0]).toBe(packet.view);
    expect(assembler.heldBytes).toBe(0);
  });

  test("a segment without payload and FIN changes nothing", () => {
    const stream = new Stream().segment(1000, "").segment(5000, "");
    expect([stream.text, stream.expected, stream.assembler.heldBytes]).toEqual(["", 1000, 0]);
  });

  test("a retransmission delivers nothing again", () => {
    expect(new Stream().segment(1000, "abc").segment(1000, "abc").text).toBe("abc");
  });

  test("of a longer retransmission only what is new is delivered", () => {
    expect(new Stream().segment(1000, "abc").segment(1001, "XXde").text).toBe("abcde");
  });

  test("a keep-alive's byte before the next sequence number is not delivered", () => {
    expect(new Stream().segment(1000, "abc").segment(1002, "\0").segment(1003, "d").text).toBe("abcd");
  });

  test("sequence numbers go on at zero after 4294967295", () => {
    const stream = new Stream(0xfffffffe | 0).segment(0xfffffffe, "abcd");
    expect([stream.text, stream.expected]).toEqual(["abcd", 2]);
  });

  test("payload of a SYN starts one after its sequence number", () => {
    expect(new Stream(1001).segment(1000, "abc", { flags: SYN }).text).toBe("abc");
  });
});

describe("holes", () => {
  test("bytes that come early wait for those before them", () => {
    const stream = new Stream().segment(1002, "cd");
    expect(stream.text).toBe("");
    expect(stream.segment(1000, "ab").text).toBe("abcd");
    expect(stream.assembler.heldBytes).toBe(0);
  });

  test("held bytes name the packet that brought them", () => {
    expect(new Stream().segment(1002, "cd").segment(1000, "ab").packets).toEqual([1, 0]);
  });

  test("a hole is filled across the end of sequence space", () => {
    expect(new Stream(0xfffffffe | 0).segment(0, "cd").segment(0xfffffffe, "ab").text).toBe("abcd");
  });

  test("of overlapping held bytes the first copy counts", () => {
    expect(new Stream().segment(1003, "DE").segment(1001, "xxxxxx").segment(1000, "a").text).toBe("axxDExx");
  });

  test("a segment that fills a hole does not replace held bytes behind it", () => {
    expect(new Stream().segment(1002, "CD").segment(1000, "abcdef").text).toBe("abCDef");
  });

  test("several holes are filled in any order", () => {
    const stream = new Stream().segment(1006, "gh").segment(1002, "cd").segment(1004, "ef");
    expect(stream.segment(1000, "ab").text).toBe("abcdefgh");
  });

  test("a hole that the other side acknowledges was not captured", () => {
    const stream = new Stream().segment(1000, "ab").segment(1005, "fg").acknowledged(1007);
    expect([stream.text, stream.expected]).toEqual(["ab<3>fg", 1007]);
  });

  test("an acknowledgment within a hole gives up only what is before it", () => {
    expect(new Stream().segment(1005, "fg").acknowledged(1003).segment(1003, "de").text).toBe("<3>defg");
  });

  test("acknowledged bytes of which nothing was captured are a gap", () => {
    expect(new Stream().acknowledged(1004).segment(1004, "ef").text).toBe("<4>ef");
  });

  test("an old acknowledgment changes nothing", () => {
    expect(new Stream().segment(1000, "ab").acknowledged(1001).acknowledged(900).text).toBe("ab");
  });

  test("a segment and an acknowledgment further ahead than any window are ignored", () => {
    const far = 1000 + MAX_WINDOW_BYTES + 1;
    const stream = new Stream().segment(far, "xx").acknowledged(far).segment(1000, "ab");
    expect([stream.text, stream.assembler.heldBytes]).toEqual(["ab", 0]);
  });

  test("flush delivers what is held, with gaps", () => {
    const stream = new Stream().segment(1002, "c").segment(1005, "f").flush();
    expect([stream.text, stream.expected, stream.assembler.heldBytes]).toEqual(["<2>c<2>f", 1006, 0]);
  });

  test("release lets go of what is held", () => {
    const stream = new Stream().segment(1002, "cd");
    stream.assembler.release(7);
    expect([stream.assembler.heldBytes, stream.flush().text]).toEqual([0, ""]);
  });

  test("the two directions and other flows do not mix", () => {
    const stream = new Stream().segment(1002, "cd");
    stream.assembler.segment(7, false, 1000, tcpPacket({ sequence: 1000, payload: "xx" }), 9, 9);
    stream.assembler.segment(8, true, 1000, tcpPacket({ sequence: 1000, payload: "yy" }), 9, 9);
    expect(stream.segment(1000, "ab").text).toBe("xxyyabcd");
  });
});

describe("cut by the capture", () => {
  test("what the snap length cut off is a gap", () => {
    expect(new Stream().segment(1000, "ab", { payloadBytes: 10 }).segment(1010, "k").text).toBe("ab<8>k");
  });

  test("a segment of which no payload was captured is a gap", () => {
    expect(new Stream().segment(1000, "", { payloadBytes: 3 }).text).toBe("<3>");
  });

  test("a retransmission that was cut after known bytes leaves a gap for the rest", () => {
    expect(new Stream().segment(1000, "abcd").segment(1000, "ab", { payloadBytes: 6 }).text).toBe("abcd<2>");
  });

  test("a held segment that was cut is a gap in its place", () => {
    const stream = new Stream().segment(1002, "c", { payloadBytes: 4 }).segment(1006, "g").segment(1000, "ab");
    expect([stream.text, stream.assembler.heldBytes]).toEqual(["abc<3>g", 0]);
  });

  test("a whole copy fills what a held one was cut of", () => {
    const stream = new Stream().segment(1002, "c", { payloadBytes: 4 }).segment(1002, "XDEFG").segment(1000, "ab");
    expect(stream.text).toBe("abcDEFG");
  });

  test("a copy of the middle of what was cut leaves gaps around it", () => {
    const stream = new Stream().segment(1001, "", { payloadBytes: 6 }).segment(1003, "de").segment(1000, "a");
    expect(stream.text).toBe("a<2>de<2>");
  });
});

describe("FIN", () => {
  test("FIN in order closes the stream after its payload", () => {
    const stream = new Stream().segment(1000, "ab", { flags: FIN_ACK });
    expect([stream.text, stream.expected]).toEqual(["ab.", 1003]);
  });

  test("a retransmitted FIN closes nothing again", () => {
    expect(new Stream().segment(1000, "ab", { flags: FIN_ACK }).segment(1000, "ab", { flags: FIN_ACK }).text).toBe(
      "ab.",
    );
  });

  test("an early FIN closes once the hole is filled", () => {
    const stream = new Stream().segment(1002, "", { flags: FIN_ACK });
    expect(stream.text).toBe("");
    expect(stream.segment(1000, "ab").text).toBe("ab.");
    expect(stream.assembler.heldBytes).toBe(0);
  });

  test("an early FIN closes when the hole before it is acknowledged", () => {
    const stream = new Stream().segment(1002, "", { flags: FIN_ACK }).acknowledged(1003);
    expect([stream.text, stream.expected]).toEqual(["<2>.", 1003]);
  });

  test("flush closes at a held FIN", () => {
    expect(new Stream().segment(1002, "c", { flags: FIN_ACK }).flush().text).toBe("<2>c.");
  });

  test("held bytes after the FIN are not delivered", () => {
    const stream = new Stream().segment(1003, "xyz").segment(1002, "", { flags: FIN_ACK }).segment(1000, "ab");
    expect([stream.text, stream.assembler.heldBytes]).toEqual(["ab.", 0]);
  });
});

describe("bounds", () => {
  test("a stream that holds too much gives up its first hole", () => {
    const stream = new Stream(1000, HELD_OVERHEAD_BYTES * 3 + 8).segment(1002, "cccc").segment(1010, "kkkkk");
    expect(stream.text).toBe("<2>cccc");
    expect(stream.assembler.bytesNotReassembled).toBe(2);
  });

  test("when all streams hold too much, the oldest lets go of what it holds", () => {
    const stream = new Stream(1000, undefined, HELD_OVERHEAD_BYTES * 4 + 6).segment(1002, "cccc");
    stream.assembler.segment(8, true, 1000, tcpPacket({ sequence: 1002, payload: "ddd" }), 9, 9);
    expect(stream.assembler.bytesNotReassembled).toBe(4);
    expect(stream.segment(1000, "ab").text).toBe("ab");
    expect(stream.acknowledged(1006).text).toBe("ab<4>");
  });

  test("a stream held by many early bytes stays under its bound", () => {
    const stream = new Stream(0, 4096);
    for (let index = 0; index < 5000; index++) {
      stream.segment(1 + index * 2, "x");
      expect(stream.assembler.heldBytes).toBeLessThanOrEqual(4096);
    }
  });

  test("of more than 1024 stretches with holes between them the first hole is given up", () => {
    const stream = new Stream(0);
    for (let index = 0; index < 1025; index++) stream.segment(1 + index * 2, "x");
    expect([stream.text, stream.assembler.bytesNotReassembled]).toEqual(["<1>x", 1]);
  });

  test("a FIN before more held bytes than the bound allows ends the stream there", () => {
    const stream = new Stream(1000, HELD_OVERHEAD_BYTES * 2 + 8).segment(1004, "", { flags: FIN_ACK });
    stream.segment(1010, "kkkkkkkkk");
    expect([stream.text, stream.assembler.heldBytes]).toEqual(["<4>.", 0]);
  });
});

/** A stream's bytes, as letters, and segments of it as [first, end) with the bytes captured of each. */
const content = fc.array(fc.integer({ min: 97, max: 122 }), { minLength: 1, maxLength: 120 });
const start = fc.oneof(fc.integer(), fc.integer({ min: -150, max: 150 }));

function pieces(length: number): fc.Arbitrary<[number, number][]> {
  const position = fc.integer({ min: 0, max: length });
  const piece = fc.tuple(position, position).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
  return fc.array(piece, { maxLength: 40 });
}

/** Every way to cut `length` into consecutive pieces, shuffled, among duplicates and overlaps. */
function lossless(length: number): fc.Arbitrary<[number, number][]> {
  const cuts = fc.array(fc.integer({ min: 0, max: length }), { maxLength: 20 });
  const whole = cuts.map((points) => {
    const edges = [0, ...points.sort((a, b) => a - b), length];
    return edges.slice(1).map((edge, index): [number, number] => [edges[index] ?? 0, edge]);
  });
  return fc
    .tuple(whole, pieces(length))
    .chain(([parts, more]) => fc.shuffledSubarray([...parts, ...more], { minLength: parts.length + more.length }));
}

describe("any stream", () => {
  test("any segmentation, order, duplication and overlap without loss gives exactly the bytes", () => {
    const cases = content.chain((bytes) => fc.tuple(fc.constant(bytes), lossless(bytes.length), start));
    fc.assert(
      fc.property(cases, ([bytes, segments, first]) => {
        const stream = new Stream(first | 0);
        for (const [from, to] of segments) stream.segment(first + from, Uint8Array.from(bytes.slice(from, to)));
        expect(stream.text).toBe(String.fromCharCode(...bytes));
        expect(stream.assembler.heldBytes).toBe(0);
      }),
    );
  });

  test("with loss there are gaps exactly where no segment came", () => {
    const cases = content.chain((bytes) => fc.tuple(fc.constant(bytes), pieces(bytes.length), start));
    fc.assert(
      fc.property(cases, ([bytes, segments, first]) => {
        const stream = new Stream(first | 0);
        const came = new Set<number>();
        for (const [from, to] of segments) {
          stream.segment(first + from, Uint8Array.from(bytes.slice(from, to)));
          for (let at = from; at < to; at++) came.add(at);
        }
        const shown = bytes.map((byte, at) => (came.has(at) ? String.fromCharCode(byte) : "_")).join("");
        const end = Math.max(0, ...[...came].map((at) => at + 1));
        expect(withGapsDrawn(stream.flush().text)).toBe(shown.slice(0, end));
      }),
    );
  });

  test("with cut segments, tight bounds and acknowledgments each byte is right and in its place, or a gap", () => {
    const cases = content.chain((bytes) =>
      fc.tuple(
        fc.constant(bytes),
        fc.array(
          fc.tuple(
            fc.integer({ min: 0, max: bytes.length }),
            fc.integer({ min: 0, max: 30 }),
            fc.integer({ min: 0, max: 30 }),
            fc.option(fc.integer({ min: 0, max: bytes.length })),
          ),
          { maxLength: 40 },
        ),
        start,
        fc.integer({ min: 0, max: 1500 }),
      ),
    );
    fc.assert(
      fc.property(cases, ([bytes, segments, first, bound]) => {
        const stream = new Stream(first | 0, bound, bound);
        for (const [from, length, captured, acknowledged] of segments) {
          const part = bytes.slice(from, from + length);
          const payload = Uint8Array.from(part.slice(0, captured));
          stream.segment(first + from, payload, { payloadBytes: part.length });
          if (acknowledged !== null) stream.acknowledged(first + acknowledged);
          expect(stream.assembler.heldBytes).toBeLessThanOrEqual(bound);
        }
        const drawn = withGapsDrawn(stream.flush().text);
        expect(drawn.length).toBe((stream.expected - first) | 0);
        for (const [at, letter] of [...drawn].entries())
          if (letter !== "_") expect(letter).toBe(String.fromCharCode(bytes[at] ?? 0));
        expect(stream.assembler.heldBytes).toBe(0);
      }),
    );
  });
});

/** "a<3>b" as "a___b". */
function withGapsDrawn(text: string): string {
  return text.replace(/<(\d+)>/g, (_match, bytes) => "_".repeat(Number(bytes)));
}
