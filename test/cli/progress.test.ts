import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { progressOn } from "../../src/cli/progress.ts";

function terminal(): { stream: Writable; text: () => string } {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream, text: () => text };
}

test("a quick read shows nothing", () => {
  const { stream, text } = terminal();
  let nowMs = 0;
  const progress = progressOn(stream, () => nowMs);
  nowMs = 300;
  progress.update(10, 100);
  progress.finish();
  expect(text()).toBe("");
});

test("a long read says how far it is and how long it will take", () => {
  const { stream, text } = terminal();
  let nowMs = 0;
  const progress = progressOn(stream, () => nowMs);
  nowMs = 1000;
  progress.update(25_000_000, 100_000_000);
  expect(text()).toContain("Reading: 25 % of 100 MB, 3 s left");
});

test("a pipe, whose end is unknown, shows how much was read", () => {
  const { stream, text } = terminal();
  let nowMs = 0;
  const progress = progressOn(stream, () => nowMs);
  nowMs = 1000;
  progress.update(25_000_000, null);
  expect(text()).toContain("Reading: 25 MB");
});

test("what comes after reading says how much was written", () => {
  const { stream, text } = terminal();
  let nowMs = 0;
  const progress = progressOn(stream, () => nowMs);
  nowMs = 1000;
  progress.wrote(25_000_000);
  expect(text()).toContain("Writing: 25 MB");
});

test("the line changes ten times a second at most, and is gone at the end", () => {
  const { stream, text } = terminal();
  let nowMs = 0;
  const progress = progressOn(stream, () => nowMs);
  for (nowMs = 0; nowMs < 1000; nowMs += 1) progress.update(nowMs, 1000);
  expect(text().split("Reading").length - 1).toBeLessThanOrEqual(7);
  progress.finish();
  expect(text().endsWith("\r\u001b[2K")).toBe(true);
});
