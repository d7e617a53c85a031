/**
 * DNS record data in presentation format. Each type is a row of fields, as its RFC lists them; data that does not fit its row exactly,
 * and every other type, is written as RFC 3597 section 5 says: \# LENGTH HEX. Names have no dot at their end (see dns-name.ts).
 */
import { ipv4TextAt, ipv6TextAt } from "../bytes/address.ts";
import { ByteReader } from "../bytes/reader.ts";
import { hexText } from "../bytes/text.ts";
import { dnsTypeText } from "./dns-codes.ts";
import { locationText } from "./dns-location.ts";
import { decimalEscape, nameEnd, nameText } from "./dns-name.ts";
import { serviceParametersText } from "./dns-service-parameters.ts";

/** Reads one field at the reader's position; null when it is not sound. A cut reader is seen by the caller. */
type Field = (reader: ByteReader, messageStart: number, messageEnd: number) => string | null;

const u8: Field = (reader) => String(reader.u8());
const u16: Field = (reader) => String(reader.u16());
const u32: Field = (reader) => String(reader.u32());
const typeCode: Field = (reader) => dnsTypeText(reader.u16());
const ipv4: Field = (reader) => at(reader, 4, (start) => ipv4TextAt(reader.view, start));
const ipv6: Field = (reader) => at(reader, 16, (start) => ipv6TextAt(reader.view, start));
const hexRest: Field = (reader) => rest(reader, (start, end) => hexText(reader.view, start, end));
const base64Rest: Field = (reader) => rest(reader, (start, end) => bytesAt(reader, start, end).toString("base64"));
const quotedRest: Field = (reader) => rest(reader, (start, end) => quotedText(reader.view, start, end));
const location: Field = (reader) => at(reader, 16, (start) => locationText(reader.view, start));

/** RFC 4034 section 3.2: seconds since 1970 as YYYYMMDDHHmmSS. */
const time: Field = (reader) => new Date(reader.u32() * 1000).toISOString().replaceAll(/[-:T]|\.000Z/g, "");

const name: Field = (reader, messageStart, messageEnd) => {
  const start = reader.position;
  const after = nameEnd(reader.view, messageStart, messageEnd, start);
  return after >= 0 && reader.skip(after - start) ? nameText(reader.view, messageStart, messageEnd, start) : null;
};

/** RFC 1035 section 3.3: a length byte and so many bytes. */
const characterString: Field = (reader) => counted(reader, (start, end) => quotedText(reader.view, start, end));

const characterStrings: Field = (reader) => {
  const texts: string[] = [];
  do texts.push(characterString(reader, 0, 0) ?? "");
  while (!reader.cut && reader.availableBytes > 0);
  return texts.join(" ");
};

/** RFC 5155 section 3.3: "-" for no salt. */
const salt: Field = (reader) => counted(reader, (start, end) => hexText(reader.view, start, end) || "-");

const hash: Field = (reader) => counted(reader, (start, end) => base32HexText(bytesAt(reader, start, end)));

/** RFC 8659 section 4.1.1: the tag is letters and digits. */
const tag: Field = (reader) =>
  counted(reader, (start, end) => {
    const text = bytesAt(reader, start, end).toString("latin1");
    return /^[0-9A-Za-z]+$/.test(text) ? text : null;
  });

/** RFC 4034 section 4.1.2: blocks of window number, length and bits, most significant bit first. */
const typeBitmap: Field = (reader) => {
  const types: string[] = [];
  while (reader.availableBytes > 0 && !reader.cut) {
    const window = reader.u8();
    const lengthBytes = reader.u8();
    const start = reader.take(lengthBytes);
    if (start < 0 || lengthBytes > 32) return null;
    for (let bit = 0; bit < lengthBytes * 8; bit++) {
      const set = (reader.view.getUint8(start + (bit >> 3)) & (0x80 >> (bit & 7))) !== 0;
      if (set) types.push(dnsTypeText(window * 256 + bit));
    }
  }
  return types.join(" ");
};

/** RFC 7043: pairs of digits with a hyphen between them. */
const extendedUniqueIdentifier: Field = (reader) =>
  rest(reader, (start, end) => hexText(reader.view, start, end).replaceAll(/(..)(?=.)/g, "$1-"));

const serviceParameters: Field = (reader) => serviceParametersText(reader);

const DS: readonly Field[] = [u16, u8, u8, hexRest];
const DNSKEY: readonly Field[] = [u16, u8, u8, base64Rest];
const TLSA: readonly Field[] = [u8, u8, u8, hexRest];
const SVCB: readonly Field[] = [u16, name, serviceParameters];

const ROWS: ReadonlyMap<number, readonly Field[]> = new Map([
  [1, [ipv4]], // A
  [2, [name]], // NS
  [3, [name]], // MD
  [4, [name]], // MF
  [5, [name]], // CNAME
  [6, [name, name, u32, u32, u32, u32, u32]], // SOA
  [7, [name]], // MB
  [8, [name]], // MG
  [9, [name]], // MR
  [12, [name]], // PTR
  [13, [characterString, characterString]], // HINFO
  [14, [name, name]], // MINFO
  [15, [u16, name]], // MX
  [16, [characterStrings]], // TXT
  [17, [name, name]], // RP
  [18, [u16, name]], // AFSDB
  [28, [ipv6]], // AAAA
  [29, [location]], // LOC
  [33, [u16, u16, u16, name]], // SRV
  [35, [u16, u16, characterString, characterString, characterString, name]], // NAPTR
  [36, [u16, name]], // KX
  [39, [name]], // DNAME
  [43, DS],
  [44, [u8, u8, hexRest]], // SSHFP
  [46, [typeCode, u8, u8, u32, time, time, u16, name, base64Rest]], // RRSIG
  [47, [name, typeBitmap]], // NSEC
  [48, DNSKEY],
  [50, [u8, u8, u16, salt, hash, typeBitmap]], // NSEC3
  [51, [u8, u8, u16, salt]], // NSEC3PARAM
  [52, TLSA],
  [53, TLSA], // SMIMEA
  [59, DS], // CDS
  [60, DNSKEY], // CDNSKEY
  [61, [base64Rest]], // OPENPGPKEY
  [62, [u32, u16, typeBitmap]], // CSYNC
  [63, [u32, u8, u8, hexRest]], // ZONEMD
  [64, SVCB],
  [65, SVCB], // HTTPS
  [99, [characterStrings]], // SPF
  [108, [extendedUniqueIdentifier]], // EUI48
  [109, [extendedUniqueIdentifier]], // EUI64
  [256, [u16, u16, quotedRest]], // URI
  [257, [u8, tag, quotedRest]], // CAA
]);

/** Text of the data `view[dataStart, dataEnd)` of a record in the message `view[start, end)`. Never throws. */
export function rdataText(
  view: DataView,
  start: number,
  end: number,
  type: number,
  dataStart: number,
  dataEnd: number,
): string {
  const row = dataEnd > dataStart ? ROWS.get(type) : undefined;
  return (
    (row && rowText(row, new ByteReader(view, dataStart, dataEnd), start, end)) ?? genericText(view, dataStart, dataEnd)
  );
}

/** `view[start, end)` between quotation marks: '"' and "\" after a backslash, bytes that are not printable ASCII as \DDD. */
function quotedText(view: DataView, start: number, end: number): string {
  let text = '"';
  for (let next = start; next < end; next++) {
    const byte = view.getUint8(next);
    if (byte === 0x22 || byte === 0x5c) text += `\\${String.fromCharCode(byte)}`;
    else text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : decimalEscape(byte);
  }
  return `${text}"`;
}

function rowText(row: readonly Field[], reader: ByteReader, start: number, end: number): string | null {
  const texts: string[] = [];
  for (const field of row) {
    const text = field(reader, start, end);
    if (text === null || reader.cut) return null;
    if (text !== "") texts.push(text);
  }
  return reader.availableBytes === 0 ? texts.join(" ") : null;
}

function genericText(view: DataView, start: number, end: number): string {
  return start < end ? `\\# ${end - start} ${hexText(view, start, end)}` : "\\# 0";
}

function at(reader: ByteReader, bytes: number, make: (start: number) => string | null): string | null {
  const start = reader.take(bytes);
  return start < 0 ? null : make(start);
}

function counted(reader: ByteReader, make: (start: number, end: number) => string | null): string | null {
  const lengthBytes = reader.u8();
  const start = reader.take(lengthBytes);
  return start < 0 ? null : make(start, start + lengthBytes);
}

function rest(reader: ByteReader, make: (start: number, end: number) => string): string {
  const start = reader.position;
  reader.skip(reader.availableBytes);
  return make(start, reader.end);
}

function bytesAt(reader: ByteReader, start: number, end: number): Buffer {
  return Buffer.from(reader.view.buffer, reader.view.byteOffset + start, end - start);
}

/** RFC 4648 section 7, without padding (RFC 5155 section 3.3). */
function base32HexText(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += ((held >> (bits - 5)) & 31).toString(32);
  }
  return bits > 0 ? text + ((held << (5 - bits)) & 31).toString(32) : text;
}
