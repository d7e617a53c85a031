/**
 * The Internet checksum, RFC 1071: the one's complement of the one's complement sum of 16-bit words. Used by IPv4, ICMP, UDP and TCP;
 * the last two and ICMPv6 also sum a pseudo header (RFC 9293 section 3.1, RFC 8200 section 8.1).
 *
 * To write one: zero the checksum field, then `finishChecksum(sumWords(view, start, end, pseudoHeaderSum(...)))`. To verify one, leave
 * the field as it is: the result is 0 when it is right.
 */

/** Adds the words of `view[start, end)` to a running sum. An odd last byte counts as if a zero followed, so it may only end the data. */
export function sumWords(view: DataView, start: number, end: number, sum = 0): number {
  let total = sum;
  let at = start;
  for (; at + 1 < end; at += 2) total += view.getUint16(at);
  return at < end ? total + (view.getUint8(at) << 8) : total;
}

/** The pseudo header's sum for IPv4: addresses as unsigned 32-bit numbers, the length of the upper-layer header and data. */
export function pseudoHeaderSum(source: number, destination: number, protocol: number, lengthBytes: number): number {
  return (
    (source >>> 16) +
    (source & 0xffff) +
    (destination >>> 16) +
    (destination & 0xffff) +
    protocol +
    (lengthBytes >>> 16) +
    (lengthBytes & 0xffff)
  );
}

/** The pseudo header's sum for IPv6, where source and destination stand one after the other in the header at `addressesStart`. */
export function pseudoHeaderSum6(
  view: DataView,
  addressesStart: number,
  nextHeader: number,
  lengthBytes: number,
): number {
  return (
    sumWords(view, addressesStart, addressesStart + 32, nextHeader) + (lengthBytes >>> 16) + (lengthBytes & 0xffff)
  );
}

/** The checksum for a sum: folded to 16 bits and complemented. */
export function finishChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = Math.floor(folded / 0x10000) + (folded % 0x10000);
  return ~folded & 0xffff;
}
