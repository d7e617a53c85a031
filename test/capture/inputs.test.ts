import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { findInputs } from "../../src/capture/inputs.ts";
import { openCapture } from "../../src/capture/merge.ts";
import { pcapFile } from "../support/pcap-writer.ts";
import { PcapngWriter } from "../support/pcapng-writer.ts";
import { copyRecord, passAll, type ReadRecord, readAll } from "../support/read-capture.ts";
import { scratchDirectory } from "../support/scratch.ts";

const scratch = scratchDirectory();
const EMPTY = pcapFile([]);

test("a directory stands for the captures in it, by first bytes and in order of name", async () => {
  mkdirSync(join(scratch.path, "some"));
  mkdirSync(join(scratch.path, "some/deeper"));
  scratch.write("some/b.txt", EMPTY);
  scratch.write("some/B.cap", gzipSync(EMPTY));
  scratch.write("some/a", new PcapngWriter().section());
  scratch.write("some/notes.pcap", "no capture at all");
  scratch.write("some/empty.pcap", "");
  scratch.write("some/deeper/c.pcap", EMPTY);
  symlinkSync("b.txt", join(scratch.path, "some/link"));
  symlinkSync("nowhere", join(scratch.path, "some/dangling"));
  const directory = join(scratch.path, "some");
  expect(await findInputs([directory])).toEqual(
    [
      ["B.cap", 34],
      ["a", 28],
      ["b.txt", 24],
      ["link", 24],
    ].map(([name = "", bytes]) => ({ name: join(directory, String(name)), kind: "file", bytes })),
  );
});

test("a directory without a capture is refused", async () => {
  mkdirSync(join(scratch.path, "none"));
  scratch.write("none/notes.txt", "nothing");
  await expect(findInputs([join(scratch.path, "none")])).rejects.toMatchObject({ code: "no-captures" });
});

test("standard input can be named once", async () => {
  expect(await findInputs(["-"])).toEqual([{ name: "-", kind: "stdin", bytes: 0 }]);
  await expect(findInputs(["-", "-"])).rejects.toMatchObject({ code: "stdin-twice" });
});

test("a name that does not exist is refused", async () => {
  await expect(findInputs(["no/such.pcap"])).rejects.toMatchObject({ code: "not-found" });
});

test("a named pipe is read as its writer writes", async () => {
  const pipe = join(scratch.path, "pipe");
  const file = scratch.write("piped.pcap", pcapFile([{ seconds: 1, fraction: 2, bytes: Uint8Array.of(7) }]));
  execFileSync("mkfifo", [pipe]);
  const writer = spawn("sh", ["-c", 'exec cat "$1" > "$0"', pipe, file]);
  const { facts, records } = await openCapture([pipe], { base: { seconds: null }, filterFor: () => passAll });
  const read: ReadRecord[] = [];
  await readAll(records, (record) => read.push(copyRecord(record)));
  records.close();
  writer.kill();
  expect(read.map(({ timeNs, bytes }) => [timeNs, bytes])).toEqual([[2000, [7]]]);
  expect(facts.map(({ name, path, problems }) => [name, path, problems.all])).toEqual([[pipe, null, []]]);
});
