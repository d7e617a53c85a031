/** Display filters that select the evidence and nothing beside it. */
import type { PacketRef } from "./report.ts";

/**
 * The rule's filter, which says what kind of packets these are, narrowed to the evidence by frame number. Frame numbers of several
 * sources mean different packets, so there the rule's filter stands alone.
 */
export function exactFilter(filter: string, packets: readonly PacketRef[], sources: number): string {
  if (sources !== 1 || packets.length === 0) return filter;
  const either = /\|\|/.test(filter) ? `(${filter})` : filter;
  return `${either} && frame.number in {${frameRanges(packets).join(", ")}}`;
}

/** "3", "7..9": ascending, neighbours joined. */
function frameRanges(packets: readonly PacketRef[]): string[] {
  const frames = [...new Set(packets.map((packet) => packet.frame))].sort((a, b) => a - b);
  const ranges: { from: number; to: number }[] = [];
  for (const frame of frames) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to === frame - 1) last.to = frame;
    else ranges.push({ from: frame, to: frame });
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}..${to}`));
}
