import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeBinaryFile, writeOutputFile } from "../../src/cli/output-file.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "vipscope-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

test("the file is there whole when it is there", async () => {
  const path = join(directory, "report.json");
  await writeOutputFile(path, async (sink) => {
    await sink.write("one ");
    expect(readdirSync(directory)).not.toContain("report.json");
    await sink.write("two");
  });
  expect(readFileSync(path, "utf8")).toBe("one two");
  expect(readdirSync(directory)).toEqual(["report.json"]);
});

test("what is appended in small and large pieces, text and bytes, stands there in its order", async () => {
  const path = join(directory, "report.json");
  const pieces = Array.from({ length: 40 }, (_, index) =>
    `é${index}`.repeat(index % 10 === 9 ? 100_000 : 1000 * index),
  );
  await writeBinaryFile(path, async (append) => {
    for (const [index, piece] of pieces.entries()) await append(index % 2 === 0 ? piece : Buffer.from(piece));
  });
  expect(readFileSync(path, "utf8") === pieces.join("")).toBe(true);
});

test("a failure leaves what was there and nothing else", async () => {
  const path = join(directory, "report.json");
  writeFileSync(path, "before");
  const failing = writeOutputFile(path, async (sink) => {
    await sink.write("half");
    throw new Error("broken");
  });
  await expect(failing).rejects.toThrow("broken");
  expect(readFileSync(path, "utf8")).toBe("before");
  expect(readdirSync(directory)).toEqual(["report.json"]);
});

test("a directory that is not there is one clear line that names the file", async () => {
  const path = join(directory, "missing", "report.json");
  await expect(writeOutputFile(path, async () => {})).rejects.toThrow(
    `cannot write ${path}: its directory does not exist`,
  );
});

test("a directory is refused", async () => {
  const path = join(directory, "there");
  mkdirSync(path);
  await expect(writeOutputFile(path, async () => {})).rejects.toThrow(`${path} is a directory`);
});

test("a device is written to as it is", async () => {
  await writeOutputFile("/dev/null", async (sink) => sink.write("gone"));
  expect(readdirSync(directory)).toEqual([]);
});
