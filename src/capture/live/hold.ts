/** Between a capture child and the analyser: what the child captured waits here while the analyser is busy, so that the child need not. */
import type { Readable, Writable } from "node:stream";
import { MAX_HELD_CAPTURE_BYTES } from "../../limits.ts";

/** Told when as much waits as may, and the child with it, and when the child goes on. */
export type OnHeld = (isFull: boolean) => void;

/** Hands on what comes `from` the child `to` the analyser, and holds what the analyser does not take yet. */
export function holdAndForward(
  from: Readable,
  to: Writable,
  onHeld: OnHeld,
  maxBytes: number = MAX_HELD_CAPTURE_BYTES,
): void {
  let isFull = false;
  from.on("data", (chunk: Uint8Array) => {
    to.write(chunk);
    if (isFull || to.writableLength < maxBytes) return;
    isFull = true;
    from.pause();
    onHeld(true);
  });
  to.on("drain", () => {
    if (!isFull) return;
    isFull = false;
    from.resume();
    onHeld(false);
  });
  from.on("error", () => to.end());
  from.on("end", () => to.end());
  // Nobody reads any more: the child finds its pipe closed and ends.
  to.on("close", () => from.destroy());
}
