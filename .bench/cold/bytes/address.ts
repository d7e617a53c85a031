/**
 * Addresses as numbers and as text. IPv4 is an unsigned 32-bit number, IPv6 four of them (most significant first), a MAC address
 * one whole number below 2^48. The functions that end in At read the address from a view and need all its bytes there.
 */

/** An IPv6 address as four unsigned 32-bit numbers, most significant first. */
export type Ipv6Words = readonly [number, number, number, number];

/** "168.63.129.16" for 0xa83f8110. */
export function ipv4Text(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
}

export function ipv4TextAt(view: DataView, offset: number): string {
  return ipv4Text(view.getUint32(offset));
}

/** The canonical text (RFC 5952): lower case, the first longest run of zero groups as "::", IPv4-mapped addresses dotted. */
export function ipv6Text(word0: number, word1: number, word2: number, word3: number): string {
  if (word0 === 0 && word1 === 0 && word2 === 0xffff) return `::ffff:${ipv4Text(word3)}`;
  const groups = [word0 >>> 16, word0 & 0xffff, word1 >>> 16, word1 & 0xffff];
  groups.push(word2 >>> 16, word2 & 0xffff, word3 >>> 16, word3 & 0xffff);
  let runStart = -1;
  let runGroups = 1; // RFC 5952 section 4.2.2: one zero group alone is not shortened
  for (let first = 0; first < 8; first++) {
    let next = first;
    while (next < 8 && groups[next] === 0) next++;
    if (next - first > runGroups) {
      runStart = first;
      runGroups = next - first;
    }
    if (next > first) first = next;
  }
  if (runStart < 0) return groupsText(groups, 0, 8);
  return `${groupsText(groups, 0, runStart)}::${groupsText(groups, runStart + runGroups, 8)}`;
}

export function ipv6TextAt(view: DataView, offset: number): string {
  return ipv6Text(
    view.getUint32(offset),
    view.getUint32(offset + 4),
    view.getUint32(offset + 8),
    view.getUint32(offset + 12),
  );
}

/** "12:34:56:78:9a:bc" for 0x123456789abc. */
export function macText(mac: number): string {
  const high = Math.floor(mac / 0x100000000);
  return `${hex(high >>> 8)}:${hex(high)}:${hex(mac >>> 24)}:${hex(mac >>> 16)}:${hex(mac >>> 8)}:${hex(mac)}`;
}

/** The six bytes at `offset` as one number. */
export function macAt(view: DataView, offset: number): number {
  return view.getUint16(offset) * 0x100000000 + view.getUint32(offset + 2);
}

/** The number of a dotted IPv4 address; null for anything else, also for leading zeros, whose base nobody agrees on. */
export function parseIpv4(text: string): number | null {
  const parts = text.length <= 15 ? text.split(".") : [];
  if (parts.length !== 4) return null;
  let address = 0;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return null;
    address = address * 256 + Number(part);
  }
  return address;
}

/** The words of an IPv6 address in any of RFC 4291 section 2.2's forms; null for anything else, also with a zone. */
export function parseIpv6(text: string): Ipv6Words | null {
  if (text.length < 2 || text.length > 45) return null;
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = parseGroups(halves[0] ?? "", halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? "", true) : [];
  if (head === null || tail === null) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return [word(groups, 0), word(groups, 2), word(groups, 4), word(groups, 6)];
}

/** The number of a MAC address of six hexadecimal pairs with ":" or "-" between them; null for anything else. */
export function parseMac(text: string): number | null {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text) && !/^[0-9a-f]{2}(-[0-9a-f]{2}){5}$/i.test(text)) return null;
  return Number.parseInt(text.replaceAll(/[:-]/g, ""), 16);
}

function groupsText(groups: readonly number[], from: number, to: number): string {
  let text = "";
  for (let index = from; index < to; index++) text += `${index > from ? ":" : ""}${(groups[index] ?? 0).toString(16)}`;
  return text;
}

/** The 16-bit groups of one side of "::"; a dotted IPv4 address may stand last in the address (RFC 4291 section 2.2, form 3). */
function parseGroups(text: string, endsAddress: boolean): number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const ipv4 = endsAddress && index === parts.length - 1 && part.includes(".") ? parseIpv4(part) : null;
    if (ipv4 !== null) groups.push(ipv4 >>> 16, ipv4 & 0xffff);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}

function word(groups: readonly number[], index: number): number {
  return (groups[index] ?? 0) * 0x10000 + (groups[index + 1] ?? 0);
}

function hex(value: number): string {
  const byte = value & 0xff;
  return byte < 16 ? `0${byte.toString(16)}` : byte.toString(16);
}
