/** Live events as lines of JSON: one object a line, each handed on at once. */
import type { LiveEvent } from "../report/events.ts";

/** One event with its line's end. */
export function eventLine(event: LiveEvent): string {
  return `${JSON.stringify(event)}\n`;
}
