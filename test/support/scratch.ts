/** A directory of a test's own, removed when its file is done. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Makes the directory and returns a function that writes a file into it and gives its path. */
export function scratchDirectory(): { path: string; write: (name: string, bytes: Uint8Array | string) => string } {
  const path = mkdtempSync(join(tmpdir(), "vipscope-"));
  afterAll(() => rmSync(path, { recursive: true }));
  const write = (name: string, bytes: Uint8Array | string): string => {
    writeFileSync(join(path, name), bytes);
    return join(path, name);
  };
  return { path, write };
}
