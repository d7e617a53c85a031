/** Files that people hand in and that are no pcap or pcapng: recognised by their first bytes, refused with the command that helps. */

/** What a foreign file is ("a Microsoft Network Monitor capture"), and what to do about it. */
export interface Foreign {
  what: string;
  /** A whole sentence, or null when nothing helps. */
  hint: string | null;
}

interface Signature {
  /** Hexadecimal, or ASCII when it begins with a quotation mark. `..` is any byte. */
  bytes: string;
  at?: number;
  what: string;
  hint: (file: string) => string | null;
}

const editcap = (file: string): string => `Convert it with: editcap -F pcapng ${file} ${file}.pcapng`;
const unpack =
  (command: string) =>
  (file: string): string =>
    `Unpack it first: ${command} ${file}`;
const nothing = (): null => null;
const captureAgain = (): string => "Capture with: tcpdump -w capture.pcap";

/** In this order; the first that fits names the file. Numbers after Wireshark's wiretap and file(1). */
const SIGNATURES: readonly Signature[] = [
  { bytes: '"GMBU', what: "a Microsoft Network Monitor 2 capture", hint: editcap },
  { bytes: '"RTSS', what: "a Microsoft Network Monitor 1 capture", hint: editcap },
  {
    bytes: "0200..c0",
    at: 0x48,
    what: "a Windows event trace (ETL)",
    hint: (file) =>
      `Convert it on Windows with: etl2pcapng ${file} ${file}.pcapng (netsh trace), or pktmon etl2pcap ${file} (pktmon)`,
  },
  { bytes: '"snoop\0\0\0', what: "a snoop capture", hint: editcap },
  { bytes: '"TRSNIFF data    ', what: "a Sniffer (DOS) capture", hint: editcap },
  { bytes: "58435000", what: "a NetXRay or Sniffer (Windows) capture", hint: editcap },
  { bytes: "564c0000", what: "a NetXRay 1 capture", hint: editcap },
  { bytes: "0556 4e46", what: "a Visual Networks capture", hint: editcap },
  { bytes: "aaaaaaaa", what: "an InfoVista 5View capture", hint: editcap },
  { bytes: "01104c00", what: "a Novell LANalyzer capture", hint: editcap },
  { bytes: "0110....54726163652044697370", what: "a Novell LANalyzer capture", hint: editcap },
  { bytes: '"iptrace ', what: "an AIX iptrace capture", hint: editcap },
  { bytes: '"btsnoop\0', what: "a Bluetooth capture (btsnoop), which has no IP traffic", hint: nothing },
  { bytes: "54520064", what: "an HP-UX nettl trace", hint: editcap },
  { bytes: "000000010000000000 07d000", what: "an HP-UX nettl trace", hint: editcap },
  { bytes: '"ObserverPktBufferVersion=', what: "a Network Instruments Observer capture", hint: editcap },
  { bytes: "7f766572", what: "a Savvius (EtherPeek, OmniPeek) capture", hint: editcap },
  { bytes: '"cpse', what: "a Colasoft Capsa capture", hint: editcap },
  { bytes: "0000020012050010", what: "a Tektronix K12 capture", hint: editcap },
  { bytes: '"ETHERWATCH', what: "an EtherWatch capture", hint: editcap },
  { bytes: '"+---------+---------------+----------+', what: "a K12 text capture", hint: editcap },
  { bytes: "a1b234cd", what: "a pcap variant of 1999 that no tool reads any more", hint: nothing },
  { bytes: "cd34b2a1", what: "a pcap variant of 1999 that no tool reads any more", hint: nothing },
  { bytes: "a12b3c4d", what: "a Navtel capture", hint: nothing },
  { bytes: "4d3c2ba1", what: "a Navtel capture", hint: nothing },
  { bytes: "1f8b", what: "compressed twice or with an unknown gzip method", hint: unpack("gzip -d") },
  { bytes: "28b52ffd", what: "compressed twice", hint: unpack("zstd -d") },
  { bytes: "fd377a585a00", what: "compressed with xz", hint: unpack("xz -d") },
  { bytes: '"BZh', what: "compressed with bzip2", hint: unpack("bzip2 -d") },
  { bytes: "04224d18", what: "compressed with lz4", hint: unpack("lz4 -d") },
  { bytes: "1f9d", what: "compressed with compress", hint: unpack("uncompress") },
  { bytes: "504b0304", what: "a ZIP archive", hint: unpack("unzip") },
  { bytes: "504b0506", what: "an empty ZIP archive", hint: nothing },
  { bytes: '"7z\xbc\xaf', what: "a 7-Zip archive", hint: unpack("7z x") },
  { bytes: '"Rar!', what: "a RAR archive", hint: unpack("unrar x") },
  { bytes: '"MSCF', what: "a Windows cabinet", hint: unpack("cabextract") },
  { bytes: '"ustar', at: 257, what: "a tar archive", hint: unpack("tar xf") },
  { bytes: '"ElfFile\0', what: "a Windows event log", hint: nothing },
  { bytes: '"LPKSHHRH', what: "a systemd journal", hint: nothing },
  { bytes: '"%PDF', what: "a PDF document", hint: nothing },
  { bytes: '"\x7fELF', what: "a program", hint: nothing },
  { bytes: '"MZ', what: "a Windows program", hint: nothing },
  { bytes: "89504e47", what: "a picture", hint: nothing },
  { bytes: "ffd8ff", what: "a picture", hint: nothing },
];

/** Texts by their beginning. */
const TEXTS: readonly { pattern: RegExp; what: string; hint: (file: string) => string | null }[] = [
  { pattern: /^\s*<(!doctype html|html)/i, what: "a web page, perhaps a failed download", hint: nothing },
  { pattern: /^\s*<\?xml|^\s*<(pdml|psml)/i, what: "XML text", hint: () => "Give the capture that it was made from." },
  { pattern: /^\s*[[{]/, what: "JSON text", hint: () => "Give the capture that it was made from." },
  {
    pattern:
      /^(reading from file|tcpdump: )|^(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{6,9} (IP6?|ARP|\S+ +(In|Out|B|M|P) )/m,
    what: "the text that tcpdump prints",
    hint: captureAgain,
  },
  {
    pattern: /^(0x)?[0-9a-f]{4,8}:? {1,3}([0-9a-f]{2} ?){2,}/im,
    what: "a hex dump",
    hint: (file) => `Convert it with: text2pcap ${file} ${file}.pcap`,
  },
];

/** What these first bytes of a file are; null when they tell nothing. `shellName` is the file's name as a shell takes it. */
export function foreignFormat(bytes: Uint8Array, shellName: string): Foreign | null {
  const signature = SIGNATURES.find(({ bytes: wanted, at }) => fits(bytes, at ?? 0, wanted));
  if (signature !== undefined) return { what: signature.what, hint: signature.hint(shellName) };
  if (isText(bytes)) return foreignText(bytes, shellName);
  return isErf(bytes) ? { what: "an Endace ERF capture", hint: editcap(shellName) } : null;
}

function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
}

function foreignText(bytes: Uint8Array, shellName: string): Foreign {
  const text = Buffer.from(bytes).toString("latin1");
  const known = TEXTS.find(({ pattern }) => pattern.test(text));
  if (known !== undefined) return { what: known.what, hint: known.hint(shellName) };
  return { what: "text", hint: captureAgain() };
}

function fits(bytes: Uint8Array, at: number, wanted: string): boolean {
  if (wanted.startsWith('"')) {
    return [...wanted.slice(1)].every((character, index) => bytes[at + index] === character.charCodeAt(0));
  }
  const pairs = wanted.replaceAll(" ", "").match(/../g) ?? [];
  return pairs.every((pair, index) =>
    pair === ".." ? at + index < bytes.length : bytes[at + index] === Number.parseInt(pair, 16),
  );
}

/**
 * ERF has no magic number. Its records begin with a little-endian 32.32 time (0-7), type (8), flags (9), and big-endian record length (10-11),
 * losses (12-13) and wire length (14-15): the first one must make sense, and so must the second if it is there.
 */
function isErf(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerBytes = 16;
  const latestType = 48;
  let records = 0;
  let start = 0;
  let previousSeconds = 0;
  while (start + headerBytes <= bytes.length && records < 4) {
    const seconds = view.getUint32(start + 4, true);
    const type = view.getUint8(start + 8) & 0x7f;
    const length = view.getUint16(start + 10);
    if (type === 0 || type > latestType || length < headerBytes || view.getUint16(start + 14) === 0) return false;
    // 1995 to 2100, and records of one capture are within a week of each other.
    if (seconds < 788_918_400 || seconds > 4_102_444_800) return false;
    if (records > 0 && Math.abs(seconds - previousSeconds) > 604_800) return false;
    previousSeconds = seconds;
    start += length;
    records += 1;
  }
  return records > 0;
}
