/** What a stranger may send instead of a message: random bytes, and valid messages that were changed, cut and spliced. */
import fc from "fast-check";

type Change = (bytes: Uint8Array) => Uint8Array;

function changes(samples: readonly Uint8Array[]): fc.Arbitrary<Change> {
  const place = fc.nat(4096);
  const at = (bytes: Uint8Array, from: number): number => (bytes.length === 0 ? 0 : from % bytes.length);
  const extremes = fc.oneof(fc.constantFrom(0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff), fc.nat(255));
  return fc.oneof(
    fc.tuple(place, extremes).map(
      ([from, value]): Change =>
        (bytes) =>
          bytes.with(at(bytes, from), value),
    ),
    place.map(
      (from): Change =>
        (bytes) =>
          bytes.subarray(0, at(bytes, from)),
    ),
    fc.tuple(place, fc.nat(40)).map(([from, length]): Change => {
      return (bytes) => joined(bytes.subarray(0, at(bytes, from)), bytes.subarray(at(bytes, from) + length));
    }),
    fc.tuple(place, fc.constantFrom(...samples), place, fc.nat(80)).map(([from, other, start, length]): Change => {
      const piece = other.subarray(at(other, start), at(other, start) + length);
      return (bytes) => joined(bytes.subarray(0, at(bytes, from)), piece, bytes.subarray(at(bytes, from)));
    }),
  );
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** Bytes of either kind. */
export function damaged(samples: readonly Uint8Array[], maxRandomBytes = 120): fc.Arbitrary<Uint8Array> {
  const changed = fc
    .tuple(fc.constantFrom(...samples), fc.array(changes(samples), { minLength: 1, maxLength: 5 }))
    .map(([sample, all]) => all.reduce((bytes, change) => (bytes.length === 0 ? bytes : change(bytes)), sample));
  return fc.oneof(
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: maxRandomBytes }) },
    { weight: 4, arbitrary: changed },
  );
}

/** The same for texts. */
export function damagedText(samples: readonly string[]): fc.Arbitrary<string> {
  const bytes = samples.map((sample) => Uint8Array.from(Buffer.from(sample, "latin1")));
  return damaged(bytes).map((one) => Buffer.from(one).toString("latin1"));
}
