/** The captures that the project ships. */
import { readdirSync } from "node:fs";

/** Paths from the project's root, by name. */
export const CAPTURES: readonly string[] = readdirSync("captures")
  .filter((name) => /\.(pcap|pcapng|cap)(\.gz|\.zst)?$/.test(name))
  .sort()
  .map((name) => `captures/${name}`);

/** The name without folder and endings. */
export function captureName(path: string): string {
  return path.replace(/^captures\//, "").replace(/\.(pcap|pcapng|cap)(\.gz|\.zst)?$/, "");
}
