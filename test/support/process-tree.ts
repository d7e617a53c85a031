/** What the kernel tells of processes that a test started. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Process ids of a process' children, oldest first. */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

/** The process that runs a script, of one and what it started. */
export async function descendant(of: number, script: string): Promise<number> {
  const runs = (pid: number): boolean =>
    readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0")[1]?.endsWith(script) === true;
  const find = (pid: number): number =>
    runs(pid)
      ? pid
      : (childrenOf(pid)
          .map(find)
          .find((found) => found > 0) ?? 0);
  for (let tries = 0; tries < 100; tries++) {
    const found = find(of);
    if (found > 0) return found;
    await sleep(50);
  }
  throw new Error(`nothing runs ${script}`);
}

/** Real, effective, saved and file system user. */
export function uidsOf(pid: number): string[] {
  return /^Uid:\t(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]?.split("\t") ?? [];
}
