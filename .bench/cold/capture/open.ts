/** Finds out by its first bytes what a source is, and makes the reader for it. */
import { openSync, statSync } from "node:fs";
import type { Readable } from "node:stream";
import { BLOCK_BYTES } from "../limits.ts";
import { BlockBuffer } from "./block-buffer.ts";
import { type Feed, FileFeed, StreamFeed } from "./feed.ts";
import { InputError } from "./input-error.ts";
import { PcapReader, pcapLayout, pcapVersion } from "./pcap.ts";
import type { FilterFor, Reader, ReaderContext } from "./reader.ts";
import type { TimeBase } from "./record.ts";
import { Source } from "./source.ts";
import { SourceFacts } from "./source-facts.ts";

/** What all sources of one analysis share. */
export interface OpenOptions {
  base: TimeBase;
  filterFor: FilterFor;
  /** Bytes read at once; `BLOCK_BYTES` unless told. */
  blockBytes?: number;
}

/** Opens a plain file. Throws an `InputError` when it cannot be read or is no capture. */
export async function openFile(name: string, sourceIndex: number, options: OpenOptions): Promise<Source> {
  const facts = new SourceFacts(name);
  let fd: number;
  try {
    fd = openSync(name, "r");
  } catch (error) {
    throw unreadable(name, error);
  }
  const feed = new FileFeed(fd, facts.problems);
  if (statSync(name).isDirectory()) {
    feed.close();
    throw new InputError("not-readable", `${name} is a directory`);
  }
  return openFeed(feed, facts, sourceIndex, options);
}

/** Opens a stream that carries a capture: standard input, a named pipe, or a child that captures. */
export async function openStream(
  name: string,
  stream: Readable,
  sourceIndex: number,
  options: OpenOptions,
): Promise<Source> {
  const facts = new SourceFacts(name);
  return openFeed(new StreamFeed(stream, facts.problems), facts, sourceIndex, options);
}

async function openFeed(feed: Feed, facts: SourceFacts, sourceIndex: number, options: OpenOptions): Promise<Source> {
  const buffer = new BlockBuffer(options.blockBytes ?? BLOCK_BYTES);
  try {
    while (buffer.available < 4 && !buffer.ended) await feed.fill(buffer);
    const context = { buffer, facts, base: options.base, filterFor: options.filterFor };
    return new Source(sourceIndex, facts, readerFor(context), feed, buffer);
  } catch (error) {
    feed.close();
    throw error;
  }
}

function readerFor(context: ReaderContext): Reader {
  const { buffer, facts } = context;
  if (buffer.available === 0) throw new InputError("empty-input", `${facts.name} is empty`);
  const layout = buffer.available < 4 ? null : pcapLayout(buffer.view, buffer.start);
  if (layout === null) throw new InputError("foreign-format", `${facts.name} is no pcap or pcapng capture`);
  if (buffer.available >= 8) {
    const version = pcapVersion(buffer.view, buffer.start, layout.littleEndian);
    if (!version.readable) {
      throw new InputError(
        "unsupported-version",
        `${facts.name} is pcap version ${version.text}, which cannot be read`,
      );
    }
  }
  return new PcapReader(context, layout);
}

function unreadable(name: string, error: unknown): InputError {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT" || code === "ENOTDIR") return new InputError("not-found", `${name}: no such file`);
  if (code === "EACCES" || code === "EPERM") return new InputError("not-readable", `${name}: no permission to read it`);
  return new InputError("not-readable", `${name}: ${error instanceof Error ? error.message : String(error)}`);
}
