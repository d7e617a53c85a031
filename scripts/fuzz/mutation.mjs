/** Seeds of the fuzzer, and how an input becomes another. */
import { Buffer } from "node:buffer";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

/** Bytes of one input at most: longer seeds are cut, for short inputs are tried often. */
export const MAX_INPUT_BYTES = 8_000;

const NUMBERS = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 53, 63, 64, 67, 80, 127, 128, 192, 224, 254, 255];

/** What decoders look for, and what wants to be more than text where it is shown. */
const WORDS = [
  "GET /machine?comp=goalstate HTTP/1.1\r\n",
  "HTTP/1.1 200 OK\r\n",
  "\r\n\r\n",
  "Content-Length: ",
  "Transfer-Encoding: chunked\r\n\r\n",
  "ffffffff\r\n",
  "Content-Encoding: gzip\r\n",
  "PROXY TCP4 ",
  "\x00\x01\x00\x01\xc0\x0c",
  "\xc0\x0c\xc0\x0c",
  "\x35\x01\x05\xf5\x04\xa8\x3f\x81\x10\xff",
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "\xa8\x3f\x81\x10",
  "</script><script>a()</script>",
  '"><img src=x onerror=a()>',
  "<!--",
  "]]>",
  "\x1b]0;a\x07\x1b[2J",
  "\xe2\x80\xae",
  "\xe2\x80\xa8",
  "=1+1|",
  "@SUM(1)",
  '","\r\n',
  "`](http://a)@a",
  "__proto__",
  "%s%n$(a)",
].map((word) => Buffer.from(word, "latin1"));

/** Small fast random numbers (mulberry32), so that a seed gives the same run. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The captures of these folders. */
export function loadSeeds(folders) {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => /\.(pcap|pcapng|cap|ntar)(\.gz|\.zst)?$/.test(name) && statSync(join(folder, name)).isFile())
      .map((name) => ({
        name: basename(name),
        bytes: readFileSync(join(folder, name)).subarray(0, MAX_INPUT_BYTES),
      })),
  );
}

/** A copy of one input of the pool with one to eight changes. */
export function mutate(pool, random) {
  const below = (bound) => Math.floor(random() * bound);
  const { bytes } = pool[below(pool.length)];
  let mutated = Buffer.from(bytes);
  for (let count = 1 + below(8); count > 0 && mutated.length > 0; count--) {
    const change = CHANGES[below(CHANGES.length)];
    mutated = change(mutated, below(mutated.length), below, pool);
  }
  return mutated.subarray(0, 2 * MAX_INPUT_BYTES);
}

/** Each takes the bytes, a place in them, random numbers and the pool, and gives the changed bytes. */
const CHANGES = [
  function flipBit(bytes, at, below) {
    bytes[at] ^= 1 << below(8);
    return bytes;
  },
  function setNumber(bytes, at, below) {
    bytes[at] = NUMBERS[below(NUMBERS.length)];
    return bytes;
  },
  function setByte(bytes, at, below) {
    bytes[at] = below(256);
    return bytes;
  },
  function setShort(bytes, at, below) {
    if (at + 2 <= bytes.length) bytes.writeUInt16BE(below(2) ? below(65536) : NUMBERS[below(NUMBERS.length)], at);
    return bytes;
  },
  function setLong(bytes, at, below) {
    if (at + 4 <= bytes.length) bytes.writeUInt32LE([0, 0x7fffffff, 0xffffffff, below(4096)][below(4)], at);
    return bytes;
  },
  function truncate(bytes, at) {
    return bytes.subarray(0, at);
  },
  function repeat(bytes, at, below) {
    const length = 1 + below(Math.min(400, bytes.length - at));
    return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
  },
  function cutOut(bytes, at, below) {
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(Math.min(64, bytes.length - at)))]);
  },
  function splice(bytes, at, below, pool) {
    const other = pool[below(pool.length)].bytes;
    const from = below(other.length);
    const piece = other.subarray(from, from + 1 + below(200));
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + piece.length)]);
  },
  function overwrite(bytes, at, below) {
    WORDS[below(WORDS.length)].copy(bytes, at);
    return bytes;
  },
];
