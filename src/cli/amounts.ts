/** Sizes and times as people write them on a command line. */
import { UsageError } from "../settings/usage-error.ts";

const SIZE_UNITS: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const TIME_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  "": 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** "500K", "10MB", "1G": bytes; the units are powers of ten. */
export function bytesOf(text: string, option: string): number {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?$/i.exec(text.trim()) ?? [];
  const factor = SIZE_UNITS[unit.toUpperCase()];
  return checked(amount, factor, text, option, "a size such as 10MB");
}

/** "30", "30s", "5m", "2h", "1d": milliseconds; without a unit seconds are meant. */
export function millisecondsOf(text: string, option: string): number {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)$/.exec(text.trim()) ?? [];
  return checked(amount, TIME_UNITS[unit], text, option, "a time such as 30s, 5m or 2h");
}

/** A whole number from 1 on. */
export function countOf(text: string, option: string): number {
  const count = /^\d+$/.test(text.trim()) ? Number(text) : 0;
  if (count >= 1 && Number.isSafeInteger(count)) return count;
  throw new UsageError("bad-amount", `${option} takes a number from 1 on, not "${text}"`);
}

function checked(amount: string, factor: number | undefined, text: string, option: string, form: string): number {
  const value = Math.round(Number(amount) * (factor ?? 0));
  if (amount !== "" && value > 0 && Number.isSafeInteger(value)) return value;
  throw new UsageError("bad-amount", `${option} takes ${form}, not "${text}"`);
}
