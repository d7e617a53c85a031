/** How values read for people, in text and on the screen. */
import { safeString } from "../bytes/text.ts";
import type { PacketRef } from "./report.ts";

/** Shown where the capture does not tell. */
export const UNKNOWN = "-";

/** Text from outside, safe to print. */
export function shown(text: string | null): string {
  return text === null ? UNKNOWN : safeString(text);
}

/** "12:00:01.123456" of an instant: nanoseconds are left to the other forms. */
export function clock(at: string | null): string {
  return at === null ? UNKNOWN : at.slice(11, 26);
}

/** "12:00:01.123": enough to find a row again. */
export function shortClock(at: string | null): string {
  return at === null ? UNKNOWN : at.slice(11, 23);
}

/** "2026-01-02 12:00:01.123456" of an instant. */
export function dateAndClock(at: string | null): string {
  return at === null ? UNKNOWN : `${at.slice(0, 10)} ${clock(at)}`;
}

/** An instant within a sentence of the report. */
export const INSTANT_IN_TEXT: RegExp = /(\d{4}-\d\d-\d\dT[\d:.]+Z)/;

/** A sentence with its instants as "2026-01-02 12:00:01.123": nanoseconds are left to the other forms. */
export function withShortInstants(sentence: string): string {
  const parts = sentence.split(INSTANT_IN_TEXT);
  return parts.map((part, index) => (index % 2 === 0 ? part : `${part.slice(0, 10)} ${shortClock(part)}`)).join("");
}

/** "0.412 ms", "12.5 ms", "1.203 s", "4 min 10 s": three digits that matter. */
export function span(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  if (ms < 10) return `${ms.toFixed(3)} ms`;
  if (ms < 1000) return `${ms.toFixed(1)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(3)} s`;
  const seconds = Math.round(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** "1,234,567". */
export function count(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

/** "512 B", "1.2 kB", "3.4 MB". */
export function size(bytes: number | null): string {
  if (bytes === null) return UNKNOWN;
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "10.0.0.4:80", "[fe80::1]:80", or the address alone. */
export function endpoint(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** "0:17": one packet of all sources, for looking it up. */
export function packetKey({ source, frame }: PacketRef): string {
  return `${source}:${frame}`;
}

/** "#17"; "0:17" when there are several sources. */
export function packetName(packet: PacketRef, sources: number): string {
  return sources > 1 ? packetKey(packet) : `#${packet.frame}`;
}

/** "1 packet", "2 packets". */
export function counted(value: number, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
