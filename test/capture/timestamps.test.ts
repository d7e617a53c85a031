import fc from "fast-check";
import { expect, test } from "vitest";
import { instantText } from "../../src/capture/timestamps.ts";

test("microseconds are six digits, nanoseconds nine", () => {
  expect(instantText(1_767_323_045, 123_456_000, 6)).toBe("2026-01-02T03:04:05.123456Z");
  expect(instantText(1_767_323_045, 123_456_789, 9)).toBe("2026-01-02T03:04:05.123456789Z");
});

test("microseconds half a century from the base are written right", () => {
  expect(instantText(0, 1_767_323_045 * 1e9 + 123_457_000, 6)).toBe("2026-01-02T03:04:05.123457Z");
});

test("an instant before the base or before 1970 is written right", () => {
  expect(instantText(1_767_323_045, -1, 9)).toBe("2026-01-02T03:04:04.999999999Z");
  expect(instantText(0, -1000, 6)).toBe("1969-12-31T23:59:59.999999Z");
});

test("what RFC 3339 cannot write is held at its bounds", () => {
  expect(instantText(2 ** 60, 0, 6)).toBe("9999-12-31T23:59:59.000000Z");
  expect(instantText(-(2 ** 60), 0, 6)).toBe("0000-01-01T00:00:00.000000Z");
});

test("it agrees with the platform's own dates", () => {
  fc.assert(
    fc.property(fc.integer({ min: -0x80000000, max: 0xffffffff }), fc.integer({ min: 0, max: 999 }), (seconds, ms) => {
      const expected = new Date(seconds * 1000 + ms).toISOString().replace("Z", "000Z");
      expect(instantText(seconds, ms * 1e6, 6)).toBe(expected);
    }),
  );
});
