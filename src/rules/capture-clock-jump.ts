/** Time runs backwards or jumps. */
import type { Facts } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, duration } from "./texts.ts";

export const captureClockJump: Rule = {
  id: "capture-clock-jump",
  severity: "notice",
  group: "capture",
  title: "The capture's clock jumps",
  cause:
    "The clock was set while capturing (time synchronisation, a paused or migrated VM), or files were put together in the wrong order.",
  remedy:
    "Read times across the jump with care; give several files to vipscope at once instead of joining them, it merges them by time.",
  detection:
    "A packet is more than a second earlier, or more than an hour later, than the one before it in the same file.",
  confirm:
    'Linux: "journalctl -u chrony -u systemd-timesyncd". Windows: event log, Time-Service. "reordercap" sorts a file.',
  source: "Thresholds of this tool",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const { clockJumps } = facts.capture;
    const first = clockJumps[0];
    const last = clockJumps.at(-1);
    if (first === undefined || last === undefined) return;
    const ms = (first.toNs - first.fromNs) / 1e6;
    yield {
      summary: `${counted(clockJumps.length, "jump")}; the first is ${duration(Math.abs(ms))} ${ms < 0 ? "back" : "ahead"}, at packet ${first.frame}.`,
      count: clockJumps.length,
      firstNs: first.toNs,
      lastNs: last.toNs,
      flows: [],
      packets: [],
      references: clockJumps.map(({ source, frame }) => ({ source, frame })),
      displayFilter: "frame",
    };
  },
};
