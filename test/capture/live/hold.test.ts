import { PassThrough, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { holdAndForward } from "../../../src/capture/live/hold.ts";

/** A reader that takes nothing until it is told to. */
class SlowReader extends Writable {
  readonly taken: Uint8Array[] = [];
  #goOn: (() => void) | null = null;
  #isStalled = true;

  override _write(chunk: Uint8Array, _: BufferEncoding, done: () => void): void {
    this.taken.push(chunk);
    if (this.#isStalled) this.#goOn = done;
    else done();
  }

  goOn(): void {
    this.#isStalled = false;
    this.#goOn?.();
  }
}

test("what a stalled reader does not take is held up to the bound; then the child waits, and nothing is lost", async () => {
  const child = new PassThrough({ highWaterMark: 16 });
  const reader = new SlowReader({ highWaterMark: 16 });
  const told: boolean[] = [];
  holdAndForward(child, reader, (isFull) => told.push(isFull), 1000);
  const pieces = Array.from({ length: 30 }, (_, at) => Buffer.alloc(100, at));
  let written = 0;
  const writeAll = async (): Promise<void> => {
    for (const piece of pieces) {
      await new Promise<void>((resolve) => child.write(piece, () => resolve()));
      written += 1;
    }
    child.end();
  };
  void writeAll();
  await sleep(50);
  expect(told).toEqual([true]);
  expect(written).toBeGreaterThanOrEqual(10);
  expect(written).toBeLessThan(15);
  expect(reader.writableLength).toBe(1000);
  const finished = new Promise((resolve) => reader.on("finish", resolve));
  reader.goOn();
  await finished;
  expect(told.at(-1)).toBe(false);
  expect(Buffer.concat(reader.taken)).toEqual(Buffer.concat(pieces));
});

test("a reader that is gone ends the child's stream", async () => {
  const child = new PassThrough();
  const reader = new PassThrough();
  holdAndForward(child, reader, () => {});
  const closed = new Promise((resolve) => child.on("close", resolve));
  reader.destroy();
  await closed;
  expect(child.destroyed).toBe(true);
});
