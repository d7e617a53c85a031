/**
 * LOC record data, RFC 1876 section 2, 16 bytes: version 0, size 1, horizontal precision 2, vertical precision 3, latitude 4-7,
 * longitude 8-11, altitude 12-15. Angles are thousandths of a second of arc around 2^31, altitude centimetres above -100,000 m.
 */

/** "51 30 12.748 N 0 7 39.611 W 0.00m 0.00m 0.00m 0.00m"; null for another version than 0 or a precision that is no number. */
export function locationText(view: DataView, start: number): string | null {
  const latitude = view.getUint32(start + 4) - 0x80000000;
  const longitude = view.getUint32(start + 8) - 0x80000000;
  const sizes = [1, 2, 3].map((offset) => precisionText(view.getUint8(start + offset)));
  if (view.getUint8(start) !== 0 || sizes.includes(null)) return null;
  const altitude = (view.getUint32(start + 12) / 100 - 100_000).toFixed(2);
  return `${angleText(latitude, "N", "S")} ${angleText(longitude, "E", "W")} ${altitude}m ${sizes.join(" ")}`;
}

function angleText(value: number, positive: string, negative: string): string {
  const thousandths = Math.abs(value);
  const degrees = Math.floor(thousandths / 3_600_000);
  const minutes = Math.floor(thousandths / 60_000) % 60;
  const seconds = ((thousandths % 60_000) / 1000).toFixed(3);
  return `${degrees} ${minutes} ${seconds} ${value < 0 ? negative : positive}`;
}

/** Four bits each of mantissa and power of ten, in centimetres. */
function precisionText(value: number): string | null {
  const mantissa = value >> 4;
  const power = value & 15;
  return mantissa > 9 || power > 9 ? null : `${((mantissa * 10 ** power) / 100).toFixed(2)}m`;
}
