/**
 * What was wrong in the course of a session. Anomalies are recognised again from one report to the next; one whose evidence has been let
 * go since stays as it was last seen; one that proved wrong (the answer came after all) leaves.
 */
import { MAX_PAST_ANOMALIES } from "../limits.ts";
import type { Anomaly } from "../report/report.ts";
import type { ReportView } from "../report/report-view.ts";
import { packetKey } from "../report/values.ts";
import { RULES } from "../rules/all.ts";

/** Without a new occurrence for so long, in milliseconds, an anomaly is over. */
export const CLEARED_MS = 300_000;

const ABSENCES: readonly string[] = RULES.filter(({ absence }) => absence).map(({ id }) => id);

/** How an anomaly has changed. */
export type AnomalyChange = "raised" | "updated" | "cleared";

/** One anomaly over time. */
interface Tracked {
  /** As the analysis sees it in what it still holds. */
  held: Anomaly;
  /** With what was let go of: since when, and how often. */
  whole: Anomaly;
  /** Its end was told. */
  cleared: boolean;
}

export class AnomalyHistory {
  /** Told as it happens; replaced by whoever listens. */
  onChange: (change: AnomalyChange, anomaly: Anomaly) => void = () => {};
  #current: Tracked[] = [];
  /** Their evidence is gone; oldest first. */
  #past: Anomaly[] = [];
  /** What is missing in the next report was let go of. */
  #evidenceLeft = false;

  /** The analysis let go of old evidence: the next report has the same anomalies, without what left. */
  evidenceLeft(): void {
    this.#evidenceLeft = true;
  }

  /** Takes in a report. `heldSinceAt`: the analysis still holds all from this instant on; null when it holds everything. */
  note(view: ReportView, heldSinceAt: string | null, nowMs: number): void {
    const before = new Set(this.#current);
    const next: Tracked[] = [];
    for (const anomaly of view.anomalies) {
      const known = [...before].find((one) => isSame(one.held, anomaly));
      if (known !== undefined) before.delete(known);
      next.push(this.#noteOne(known ?? null, anomaly, nowMs));
    }
    for (const gone of before) this.#leave(gone, heldSinceAt, nowMs);
    this.#current = next;
    this.#evidenceLeft = false;
  }

  /** The report that was noted last, with the whole of its anomalies, and those of the past behind them. */
  complete(view: ReportView): ReportView {
    // Flows of the past have no row in the report any more.
    const past = this.#past.map((anomaly) => ({ ...anomaly, flows: [] }));
    return { ...view, anomalies: [...this.#current.map(({ whole }) => whole), ...past] };
  }

  /** How many are there now: neither over nor past. */
  get activeCount(): number {
    return this.#current.filter((one) => !one.cleared).length;
  }

  #noteOne(known: Tracked | null, held: Anomaly, nowMs: number): Tracked {
    const isOver = !ABSENCES.includes(held.rule) && nowMs - Date.parse(held.lastAt) > CLEARED_MS;
    if (known === null) {
      this.onChange("raised", held);
      return { held, whole: held, cleared: false };
    }
    const whole = wholeOf(known, held, this.#evidenceLeft);
    const isNew = whole.count > known.whole.count || whole.lastAt > known.whole.lastAt;
    const changed = isNew || whole.severity !== known.whole.severity;
    if (known.cleared && isNew) this.onChange("raised", whole);
    else if (changed && !isOver) this.onChange("updated", whole);
    else if (!known.cleared && isOver) this.onChange("cleared", whole);
    return { held, whole, cleared: isOver };
  }

  #leave({ whole, cleared }: Tracked, heldSinceAt: string | null, nowMs: number): void {
    const isAbsence = ABSENCES.includes(whole.rule);
    const left = isAbsence ? { ...whole, summary: `${whole.summary} It was over at ${instantOf(nowMs)}.` } : whole;
    if (!cleared) this.onChange("cleared", left);
    const provedWrong = heldSinceAt === null || whole.firstAt >= heldSinceAt;
    if (provedWrong && !isAbsence) return;
    this.#past.push(left);
    if (this.#past.length > MAX_PAST_ANOMALIES) this.#past.shift();
  }
}

/** What is held now, with what was let go of before, or is missing now because it was let go of. */
function wholeOf({ held: before, whole }: Tracked, held: Anomaly, evidenceLeft: boolean): Anomaly {
  const gone = whole.count - before.count + (evidenceLeft ? Math.max(0, before.count - held.count) : 0);
  const firstAt = (gone > 0 || evidenceLeft) && whole.firstAt < held.firstAt ? whole.firstAt : held.firstAt;
  return gone === 0 && firstAt === held.firstAt ? held : { ...held, firstAt, count: held.count + gone };
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** The same case of the same rule: it began at the same instant, or shares evidence. */
function isSame(before: Anomaly, after: Anomaly): boolean {
  if (before.rule !== after.rule) return false;
  if (before.firstAt === after.firstAt) return true;
  const packets = new Set(before.packets.map(packetKey));
  return after.packets.some((packet) => packets.has(packetKey(packet)));
}
