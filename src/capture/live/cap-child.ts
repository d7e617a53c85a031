/**
 * The capture child around the `cap` package: a process of its own that writes one pcap stream to standard output. It is the only code that
 * loads `cap`, because `cap` aborts its process when the interface goes away.
 *
 * Arguments: interface, filter, kernel buffer bytes, snap length. It ends when its standard input ends, with status 3 and one line on
 * standard error when it cannot capture, with status 4 when `cap` does not load. Packets are stamped on arrival here from a monotonic clock that was tied to wall time at start.
 */
import { writeSync } from "node:fs";
import { createRequire } from "node:module";

/** What is used of `cap`. */
interface CapLibrary {
  Cap: new () => CapSession;
}
interface CapSession {
  open(device: string, filter: string, bufferBytes: number, buffer: Buffer): string;
  setMinBytes?(bytes: number): void;
  on(event: "packet", listener: (bytes: number, truncated: boolean) => void): void;
  close(): void;
}

/** Link types by the names that `cap` answers with, as LINKTYPE_ numbers. */
const LINK_TYPES: Readonly<Record<string, number>> = {
  NULL: 0,
  ETHERNET: 1,
  IEEE802_11_RADIO: 127,
  LINKTYPE_LINUX_SLL: 113,
  RAW: 101,
};

/** Bytes that are gathered before they are written; fewer are written as soon as the event loop is idle. */
const BATCH_BYTES = 1 << 18;
const RECORD_HEADER_BYTES = 16;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
const EXIT_CANNOT_CAPTURE = 3;
/** `cap` is not there or does not load: another backend may do. */
const EXIT_CANNOT_LOAD = 4;
/** Something to wait on for a millisecond. */
const WAITING: Int32Array = new Int32Array(new SharedArrayBuffer(4));

main();

function main(): void {
  const [device = "", filter = "", bufferBytes = "0", snapLength = "65535"] = process.argv.slice(2);
  const packet = Buffer.alloc(Number(snapLength));
  const library = loadLibrary();
  try {
    const session = new library.Cap();
    const linkType = LINK_TYPES[session.open(device, filter, Number(bufferBytes), packet)];
    if (linkType === undefined) throw new Error("its link type is not supported");
    session.setMinBytes?.(0);
    stream(session, packet, linkType);
  } catch (error) {
    writeSync(2, `cannot capture on ${device}: ${error instanceof Error ? error.message : error}\n`);
    process.exit(EXIT_CANNOT_CAPTURE);
  }
}

function loadLibrary(): CapLibrary {
  try {
    return createRequire(import.meta.url)("cap");
  } catch (error) {
    writeSync(2, `cap does not load: ${error instanceof Error ? error.message.split("\n")[0] : error}\n`);
    process.exit(EXIT_CANNOT_LOAD);
  }
}

/** Writes the header at once, so that whoever reads knows that the capture runs; then every packet. */
function stream(session: CapSession, packet: Buffer, linkType: number): void {
  const batch = Buffer.alloc(BATCH_BYTES + RECORD_HEADER_BYTES + packet.length);
  const header = new DataView(batch.buffer, batch.byteOffset, batch.length);
  const tiedAtMs = Date.now() - performance.now();
  const tiedAtSeconds = Math.floor(tiedAtMs / 1000);
  const tiedAtRestMs = tiedAtMs - tiedAtSeconds * 1000;
  let used = 0;
  let flushing = false;
  const flush = (): void => {
    flushing = false;
    writeFully(batch, used);
    used = 0;
  };
  writeFully(fileHeader(packet.length, linkType), 24);
  session.on("packet", (bytes) => {
    const captured = Math.min(bytes, packet.length);
    const sinceMs = tiedAtRestMs + performance.now();
    const seconds = Math.floor(sinceMs / 1000);
    header.setUint32(used, tiedAtSeconds + seconds, true);
    header.setUint32(used + 4, Math.floor((sinceMs - seconds * 1000) * 1e6), true);
    header.setUint32(used + 8, captured, true);
    header.setUint32(used + 12, bytes, true);
    packet.copy(batch, used + RECORD_HEADER_BYTES, 0, captured);
    used += RECORD_HEADER_BYTES + captured;
    if (used >= BATCH_BYTES) flush();
    else if (!flushing) {
      flushing = true;
      setImmediate(flush);
    }
  });
  process.stdin.on("end", () => {
    session.close();
    flush();
  });
  process.stdin.resume();
}

function fileHeader(snapLength: number, linkType: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(MAGIC_NANOSECONDS, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(snapLength, 16);
  header.writeUInt32LE(linkType, 20);
  return header;
}

/** Waits while the pipe is full: packets wait in the kernel's buffer meanwhile. A reader that is gone ends the child. */
function writeFully(bytes: Buffer, end: number): void {
  for (let at = 0; at < end; ) {
    try {
      at += writeSync(1, bytes, at, end - at);
    } catch (error) {
      if (!(error instanceof Error) || !("code" in error) || error.code !== "EAGAIN") process.exit(0);
      Atomics.wait(WAITING, 0, 0, 1);
    }
  }
}
