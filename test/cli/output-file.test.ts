import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refuseCapture, writeBinaryFile, writeOutputFile } from "../../src/cli/output-file.ts";

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

test("a link stays a link, and its target gets the report", async () => {
  const [target, link] = [join(directory, "report.json"), join(directory, "latest.json")];
  writeFileSync(target, "before");
  symlinkSync(target, link);
  await writeOutputFile(link, async (sink) => sink.write("after"));
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, "utf8")).toBe("after");
});

test.skipIf(!existsSync("/proc/self/fd"))("an open file's own name is written to, behind what it holds", async () => {
  const path = join(directory, "log");
  writeFileSync(path, "before ");
  const log = openSync(path, "a");
  await writeOutputFile(`/proc/self/fd/${log}`, async (sink) => sink.write("after"));
  closeSync(log);
  expect(readFileSync(path, "utf8")).toBe("before after");
  expect(readdirSync(directory)).toEqual(["log"]);
});

test("a capture is refused as the output of what is read from it, also by another name", async () => {
  const [capture, link] = [join(directory, "vm.pcap"), join(directory, "link.pcap")];
  writeFileSync(capture, "packets");
  symlinkSync(capture, link);
  const sources = [{ name: "-" }, { name: capture }];
  await expect(refuseCapture(capture, sources)).rejects.toThrow(`${capture} is the capture itself, and would be lost`);
  await expect(refuseCapture(link, sources)).rejects.toThrow(`${link} is the capture itself, and would be lost`);
  await refuseCapture(join(directory, "report.json"), sources);
});
