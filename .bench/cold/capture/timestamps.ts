/** Instants as text, RFC 3339 in UTC. */

const SECONDS_PER_DAY = 86_400;
/** 0000-01-01 and 9999-12-31T23:59:59, the bounds of what RFC 3339 can write, in seconds since 1970. */
const FIRST_SECOND = -62_167_219_200;
const LAST_SECOND = 253_402_300_799;

/**
 * The instant `timeNs` nanoseconds after the second `baseSeconds` since 1970, such as "2026-01-02T03:04:05.123456Z". Further digits are cut, not
 * rounded. What RFC 3339 cannot write becomes its first or last second.
 */
export function instantText(baseSeconds: number, timeNs: number, fractionDigits: 6 | 9): string {
  const carried = Math.floor(timeNs / 1e9);
  const nanoseconds = Math.floor(timeNs - carried * 1e9);
  const seconds = Math.min(Math.max(baseSeconds + carried, FIRST_SECOND), LAST_SECOND);
  const fraction = fractionDigits === 9 ? padded(nanoseconds, 9) : padded(Math.floor(nanoseconds / 1000), 6);
  return `${secondText(seconds)}.${fraction}Z`;
}

let cachedDay = Number.NaN;
let cachedDate = "";

/** Instants of one report share few days, so the date is made once for each run of them. */
function secondText(seconds: number): string {
  const day = Math.floor(seconds / SECONDS_PER_DAY);
  if (day !== cachedDay) {
    cachedDay = day;
    cachedDate = new Date(day * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10);
  }
  const ofDay = seconds - day * SECONDS_PER_DAY;
  const hours = Math.floor(ofDay / 3600);
  const minutes = Math.floor(ofDay / 60) % 60;
  return `${cachedDate}T${padded(hours, 2)}:${padded(minutes, 2)}:${padded(ofDay % 60, 2)}`;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
