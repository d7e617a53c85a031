import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pacer, USUAL_PACE } from "../../src/ui/pacer.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Frames drawn before a second is over in which `act` is called every ten milliseconds. */
function framesInASecond(act: (pacer: Pacer, atMs: number) => void): number {
  let frames = 0;
  const pacer = new Pacer(() => frames++, USUAL_PACE);
  for (let atMs = 0; atMs < 990; atMs += 10) {
    act(pacer, atMs);
    vi.advanceTimersByTime(10);
  }
  pacer.stop();
  return frames;
}

test("a key that is held draws ten frames a second", () => {
  expect(framesInASecond((pacer) => pacer.want("key"))).toBe(10);
});

test("news alone draw five frames a second", () => {
  expect(framesInASecond((pacer) => pacer.want("news"))).toBe(5);
});

test("keys and news together draw no more than keys alone", () => {
  const both = framesInASecond((pacer) => {
    pacer.want("news");
    pacer.want("key");
  });
  expect(both).toBeLessThanOrEqual(10);
});

test("a key is answered at once after a frame of news", () => {
  let frames = 0;
  const pacer = new Pacer(() => frames++, USUAL_PACE);
  vi.advanceTimersByTime(1000);
  pacer.want("news");
  pacer.want("key");
  expect(frames).toBe(2);
});
