/** When the VM agent talked to the platform: one line for each way, in which a gap is seen. */
import { padded } from "../../bytes/text-columns.ts";
import { SERVICE_TITLES } from "../../report/headline.ts";
import type { ServiceName } from "../../report/report.ts";
import { span } from "../../report/values.ts";
import type { ScreenModel } from "../model.ts";
import { type Line, piece, spread } from "../parts/line.ts";
import { outcomeLine, summedInto } from "../parts/sparkline.ts";

const POLLED: readonly ServiceName[] = ["wireserver", "hostga-plugin", "heartbeat"];
const TITLE_COLUMNS = 14;

export function pollingLines(model: ScreenModel, columns: number): Line[] {
  const activity = model.data.overview?.activity ?? {};
  const { symbols } = model.theme;
  const room = columns - TITLE_COLUMNS - 1;
  const lines: Line[] = [];
  let shownMs = 0;
  for (const service of POLLED) {
    const one = activity[service];
    if (one === undefined) continue;
    const buckets = one.succeeded.length;
    shownMs = Math.max(shownMs, buckets * one.bucketMs);
    // Each bucket as wide as fits, so that the lines use the room and a gap has its length.
    const wide = Math.max(1, Math.floor(room / Math.max(1, buckets)));
    const succeeded = summedInto(one.succeeded, room).flatMap((value) => [value, ...Array(wide - 1).fill(0)]);
    const failed = summedInto(one.failed, room).flatMap((value) => [value, ...Array(wide - 1).fill(0)]);
    lines.push([
      piece(padded(SERVICE_TITLES[service], TITLE_COLUMNS), "strong"),
      ...outcomeLine(succeeded, failed, room, symbols),
    ]);
  }
  if (lines.length === 0) return [];
  const legend = `${symbols.bars[4] ?? ""} requests  ${symbols.failure} failed  ${symbols.nothing} silence`;
  const title = [piece(`The agent over the last ${span(shownMs)}`, "faint")];
  return [spread(title, [piece(legend, "faint")], columns, symbols.ellipsis), ...lines, []];
}
