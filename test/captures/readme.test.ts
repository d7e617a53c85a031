/** The captures' own README: it must say of each file what happened in it and what must be found. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const rows = readFileSync("captures/README.md", "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `"));
const described = rows.map((row) => row.split("`")[1]).toSorted();
const shipped = readdirSync("captures").filter((file) => /\.(pcap|pcapng)(\.gz|\.zst)?$/.test(file));

test("every shipped capture has one row in the README, and every row a capture", () => {
  expect(described).toEqual(shipped.toSorted());
});

test("no capture in the README goes without the word of what must be found", () => {
  const unsaid = rows.filter((row) => row.split(" | ").length !== 4);
  expect(unsaid).toEqual([]);
});
