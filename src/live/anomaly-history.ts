/**
 * What was wrong in the course of a session. Anomalies are recognised again from one report to the next; one whose evidence has been let
 * go since stays as it was last seen; one that proved wrong (the answer came after all) leaves.
 */
import { MAX_PAST_ANOMALIES } from "../limits.ts";
import type { Anomaly, PacketRef } from "../report/report.ts";
import type { ReportView } from "../report/report-view.ts";

/** Without a new occurrence for so long, in milliseconds, an anomaly is over. */
export const CLEARED_MS = 300_000;

/** How an anomaly has changed. */
export type AnomalyChange = "raised" | "updated" | "cleared";

/** One anomaly over time. */
interface Tracked {
  anomaly: Anomaly;
  /** Its end was told. */
  cleared: boolean;
}

export class AnomalyHistory {
  /** Told as it happens; replaced by whoever listens. */
  onChange: (change: AnomalyChange, anomaly: Anomaly) => void = () => {};
  #current: Tracked[] = [];
  /** Their evidence is gone; oldest first. */
  #past: Anomaly[] = [];

  /** Takes in a report. `heldSinceAt`: the analysis still holds all from this instant on; null when it holds everything. */
  note(view: ReportView, heldSinceAt: string | null, nowMs: number): void {
    const before = new Set(this.#current);
    const next: Tracked[] = [];
    for (const anomaly of view.anomalies) {
      const known = [...before].find((one) => isSame(one.anomaly, anomaly));
      if (known !== undefined) before.delete(known);
      next.push(this.#noteOne(known ?? null, anomaly, nowMs));
    }
    for (const gone of before) this.#leave(gone, heldSinceAt);
    this.#current = next;
  }

  /** The report with the anomalies of the past behind its own. */
  complete(view: ReportView): ReportView {
    if (this.#past.length === 0) return view;
    // Flows of the past have no row in the report any more.
    const past = this.#past.map((anomaly) => ({ ...anomaly, flows: [] }));
    return { ...view, anomalies: [...view.anomalies, ...past] };
  }

  /** How many are there now: neither over nor past. */
  get activeCount(): number {
    return this.#current.filter((one) => !one.cleared).length;
  }

  #noteOne(known: Tracked | null, anomaly: Anomaly, nowMs: number): Tracked {
    const isOver = nowMs - Date.parse(anomaly.lastAt) > CLEARED_MS;
    if (known === null) {
      this.onChange("raised", anomaly);
      return { anomaly, cleared: false };
    }
    const isNew = anomaly.count > known.anomaly.count || anomaly.lastAt > known.anomaly.lastAt;
    const changed = isNew || anomaly.severity !== known.anomaly.severity;
    if (known.cleared && isNew) this.onChange("raised", anomaly);
    else if (changed && !isOver) this.onChange("updated", anomaly);
    else if (!known.cleared && isOver) this.onChange("cleared", anomaly);
    return { anomaly, cleared: isOver };
  }

  #leave({ anomaly, cleared }: Tracked, heldSinceAt: string | null): void {
    if (!cleared) this.onChange("cleared", anomaly);
    if (heldSinceAt === null || anomaly.firstAt >= heldSinceAt) return;
    this.#past.push(anomaly);
    if (this.#past.length > MAX_PAST_ANOMALIES) this.#past.shift();
  }
}

/** The same case of the same rule: it began at the same instant, or shares evidence. */
function isSame(before: Anomaly, after: Anomaly): boolean {
  if (before.rule !== after.rule) return false;
  if (before.firstAt === after.firstAt) return true;
  const packets = new Set(before.packets.map(keyOf));
  return after.packets.some((packet) => packets.has(keyOf(packet)));
}

function keyOf({ source, frame }: PacketRef): string {
  return `${source}:${frame}`;
}
