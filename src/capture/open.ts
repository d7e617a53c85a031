/** Finds out by its first bytes what a source is, and makes the reader for it. */
import { openSync } from "node:fs";
import type { Readable } from "node:stream";
import { safeString } from "../bytes/text.ts";
import { BLOCK_BYTES } from "../limits.ts";
import { BlockBuffer } from "./block-buffer.ts";
import { type Compression, compressionOf, DecompressFeed } from "./decompress.ts";
import { type Feed, FileFeed, StreamFeed } from "./feed.ts";
import { foreignFormat } from "./foreign.ts";
import { InputError } from "./input-error.ts";
import { PcapReader, pcapLayout, pcapVersion } from "./pcap.ts";
import { PcapngReader } from "./pcapng.ts";
import { isPcapng } from "./pcapng-blocks.ts";
import type { FilterFor, Reader, ReaderContext } from "./reader.ts";
import type { TimeBase } from "./record.ts";
import { Source } from "./source.ts";
import { SourceFacts } from "./source-facts.ts";

/** Bytes that tell every capture format and compression, and those that tell every foreign one. */
const MAGIC_BYTES = 8;
const SNIFF_BYTES = 512;
/** Compressed bytes read at once. */
const RAW_BLOCK_BYTES = 1 << 16;

/** What all sources of one analysis share. */
export interface OpenOptions {
  base: TimeBase;
  filterFor: FilterFor;
  /** Bytes read at once; `BLOCK_BYTES` unless told. */
  blockBytes?: number;
}

/** Opens a plain file. Throws an `InputError` when it cannot be read or is no capture. `facts` are made when none are given. */
export async function openFile(
  path: string,
  sourceIndex: number,
  options: OpenOptions,
  facts: SourceFacts = new SourceFacts(path),
): Promise<Source> {
  let fd: number;
  try {
    fd = openSync(path, "r");
  } catch (error) {
    throw unreadable(path, error);
  }
  const source = await openFeed(new FileFeed(fd, facts.problems, facts), facts, sourceIndex, options);
  if (facts.compression === null) facts.path = path;
  return source;
}

/** Opens a stream that carries a capture: standard input, a named pipe, or a child that captures. */
export async function openStream(
  stream: Readable,
  sourceIndex: number,
  options: OpenOptions,
  facts: SourceFacts,
): Promise<Source> {
  return openFeed(new StreamFeed(stream, facts.problems), facts, sourceIndex, options);
}

/** The error for a file that the system does not let us read. */
export function unreadable(name: string, error: unknown): InputError {
  const code = error instanceof Error && "code" in error ? error.code : null;
  const shown = safeString(name);
  if (code === "ENOENT" || code === "ENOTDIR") return new InputError("not-found", `${shown}: no such file`);
  if (code === "EACCES" || code === "EPERM")
    return new InputError("not-readable", `${shown}: no permission to read it`);
  return new InputError("not-readable", `${shown}: ${error instanceof Error ? error.message : String(error)}`);
}

async function openFeed(feed: Feed, facts: SourceFacts, sourceIndex: number, options: OpenOptions): Promise<Source> {
  let opened = { feed, buffer: new BlockBuffer(options.blockBytes ?? BLOCK_BYTES) };
  try {
    await fillTo(MAGIC_BYTES, opened);
    if (opened.buffer.available === 0) throw nothingIn(facts);
    const compression = opened.buffer.available < 4 ? null : compressionOf(opened.buffer.view, opened.buffer.start);
    if (compression !== null) {
      opened = decompressed(compression, opened, facts, options);
      await fillTo(MAGIC_BYTES, opened);
    }
    const context = { buffer: opened.buffer, facts, base: options.base, filterFor: options.filterFor };
    const reader = readerFor(context) ?? (await refuse(opened, facts));
    opened.buffer.expectsMore = true;
    return new Source(sourceIndex, facts, reader, opened.feed, opened.buffer);
  } catch (error) {
    feed.close();
    throw error;
  }
}

interface Opened {
  feed: Feed;
  buffer: BlockBuffer;
}

async function fillTo(wanted: number, { feed, buffer }: Opened): Promise<void> {
  buffer.needed = wanted;
  while (buffer.available < wanted && !buffer.ended) await feed.fill(buffer);
}

function decompressed(compression: Compression, raw: Opened, facts: SourceFacts, options: OpenOptions): Opened {
  facts.compression = compression;
  const rawBuffer = new BlockBuffer(Math.max(RAW_BLOCK_BYTES, raw.buffer.available));
  rawBuffer.append(raw.buffer.bytes.subarray(raw.buffer.start, raw.buffer.end));
  rawBuffer.ended = raw.buffer.ended;
  rawBuffer.failed = raw.buffer.failed;
  return {
    feed: new DecompressFeed(compression, raw.feed, rawBuffer, facts.problems),
    buffer: new BlockBuffer(options.blockBytes ?? BLOCK_BYTES),
  };
}

/** Null when the bytes are no capture, or an empty one that a fault ended before its first byte. */
function readerFor(context: ReaderContext): Reader | null {
  const { buffer, facts } = context;
  if (buffer.available < 4) return null;
  if (isPcapng(buffer.view, buffer.start)) return new PcapngReader(context);
  const layout = pcapLayout(buffer.view, buffer.start);
  if (layout === null) return null;
  if (buffer.available >= MAGIC_BYTES) {
    const version = pcapVersion(buffer.view, buffer.start, layout.littleEndian);
    if (!version.readable) {
      throw new InputError(
        "unsupported-version",
        `${shownName(facts)} is pcap version ${version.text}, which cannot be read`,
      );
    }
  }
  return new PcapReader(context, layout);
}

/** Says what the file is instead of a capture. */
async function refuse(opened: Opened, facts: SourceFacts): Promise<never> {
  const { buffer } = opened;
  await fillTo(SNIFF_BYTES, opened);
  const [problem] = facts.problems.all;
  if (problem !== undefined) throw new InputError("not-readable", `${shownName(facts)}: ${problem.message}`);
  if (buffer.available === 0) throw nothingIn(facts);
  const shellName = shellQuoted(facts.name === "-" ? "FILE" : facts.name);
  const foreign = foreignFormat(
    buffer.bytes.subarray(buffer.start, Math.min(buffer.end, buffer.start + SNIFF_BYTES)),
    shellName,
  );
  if (foreign === null) throw new InputError("foreign-format", `${shownName(facts)} is not a pcap or pcapng capture`);
  const inside = facts.compression === null ? "" : ` inside ${facts.compression}`;
  const hint =
    inside !== "" && foreign.what === "a tar archive"
      ? `Unpack it first: ${tarCommand(facts)} ${shellName}`
      : foreign.hint;
  throw new InputError(
    "foreign-format",
    `${shownName(facts)} is ${foreign.what}${inside}, not a pcap or pcapng capture`,
    hint,
  );
}

function tarCommand(facts: SourceFacts): string {
  return facts.compression === "gzip" ? "tar xzf" : "tar --zstd -xf";
}

function nothingIn(facts: SourceFacts): InputError {
  return new InputError("empty-input", `${shownName(facts)} is empty`);
}

function shownName(facts: SourceFacts): string {
  return facts.name === "-" ? "Standard input" : safeString(facts.name);
}

/** A name as a POSIX shell takes it. */
function shellQuoted(name: string): string {
  return /^[\w./+-]+$/.test(name) ? name : `'${safeString(name).replaceAll("'", "'\\''")}'`;
}
