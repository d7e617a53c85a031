/** The views, the chosen one marked, each with its number of rows where there is room. */
import type { ScreenModel } from "../model.ts";
import { fitted, type Line, lineWidth, piece } from "../parts/line.ts";
import { isTable, type ViewId } from "../state.ts";

interface View {
  readonly id: ViewId;
  readonly title: string;
}

/** In the order of the number keys. */
export const VIEWS: readonly View[] = [
  { id: "anomalies", title: "Anomalies" },
  { id: "flows", title: "Flows" },
  { id: "dns", title: "DNS" },
  { id: "dhcp", title: "DHCP" },
  { id: "http", title: "HTTP" },
  { id: "probes", title: "Probes" },
  { id: "nics", title: "NICs" },
  { id: "capture", title: "Capture" },
];

export function tabsLine(model: ScreenModel): Line {
  const { columns } = model.state;
  const { symbols } = model.theme;
  const whole = tabs(model, true);
  const line = lineWidth(whole) <= columns ? whole : tabs(model, false);
  const rest = Math.max(0, columns - lineWidth(line));
  return fitted([...line, piece(symbols.rule.repeat(rest), "faint")], columns, symbols.ellipsis);
}

function tabs(model: ScreenModel, counted: boolean): Line {
  return VIEWS.map(({ id, title }, index) => {
    const amount = counted ? countText(id, model) : "";
    return piece(` ${index + 1} ${title}${amount} `, id === model.state.view ? "chosen" : "faint");
  });
}

function countText(id: ViewId, model: ScreenModel): string {
  const { overview } = model.data;
  if (overview === null) return "";
  if (id === "anomalies") return ` ${shortCount(overview.report.anomalies.length)}`;
  return isTable(id) ? ` ${shortCount(overview.counts[id])}` : "";
}

/** "69", "12k", "1.2M": what fits in a tab. */
function shortCount(value: number): string {
  if (value < 10_000) return String(value);
  return value < 1_000_000 ? `${Math.floor(value / 1000)}k` : `${(Math.floor(value / 100_000) / 10).toFixed(1)}M`;
}
