import { expect, test } from "vitest";
import { promptKey } from "../../src/ui/prompt.ts";
import type { Prompt } from "../../src/ui/state.ts";

const PROMPT: Prompt = { kind: "filter", text: "nic:eth1 dns", cursor: 12, before: "" };

test("a character goes where the cursor is", () => {
  expect(promptKey({ ...PROMPT, text: "dn", cursor: 1 }, "x")).toMatchObject({ text: "dxn", cursor: 2 });
});

test("Ctrl-w takes the word before the cursor", () => {
  expect(promptKey(PROMPT, "ctrl-w")).toMatchObject({ text: "nic:eth1 ", cursor: 9 });
});

test("a character of two code units goes as one", () => {
  expect(promptKey({ ...PROMPT, text: "a😀", cursor: 3 }, "backspace")).toMatchObject({ text: "a", cursor: 1 });
});

test("names of keys are not typed", () => {
  expect(promptKey(PROMPT, "pageup")).toEqual(PROMPT);
});

test("Backspace in an empty line leaves it", () => {
  expect(promptKey({ ...PROMPT, text: "", cursor: 0 }, "backspace")).toBe("cancelled");
});

test("a line has a length that it does not pass", () => {
  const full = { ...PROMPT, text: "a".repeat(400), cursor: 400 };
  expect(promptKey(full, "b")).toEqual(full);
});
