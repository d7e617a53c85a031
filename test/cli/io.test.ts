import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { type OutputStream, wantsColour } from "../../src/cli/io.ts";

const terminal: OutputStream = Object.assign(new Writable(), { isTTY: true });
const pipe: OutputStream = new Writable();

test("a terminal gets colours, a pipe and a dumb terminal do not", () => {
  expect(wantsColour(terminal, {})).toBe(true);
  expect(wantsColour(pipe, {})).toBe(false);
  expect(wantsColour(terminal, { TERM: "dumb" })).toBe(false);
});

test("NO_COLOR refuses them when it is not empty", () => {
  expect(wantsColour(terminal, { NO_COLOR: "1" })).toBe(false);
  expect(wantsColour(terminal, { NO_COLOR: "" })).toBe(true);
});

test("FORCE_COLOR decides before everything else", () => {
  expect(wantsColour(pipe, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(true);
  expect(wantsColour(terminal, { FORCE_COLOR: "0" })).toBe(false);
});
