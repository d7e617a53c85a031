/** How the lines of the terminal are shared out. */
import type { UiState } from "./state.ts";

/** The smallest terminal that is drawn in. */
export const SMALLEST = { columns: 80, rows: 16 } as const;

/** Columns that a tile of the services strip wants. */
const TILE_COLUMNS = 26;
/** With this many lines, every view keeps the whole services strip. */
const TALL_ROWS = 36;
/** With fewer lines than a usual terminal has, no view has it whole. */
const USUAL_ROWS = 24;

export interface Layout {
  readonly columns: number;
  readonly tilesInRow: number;
  /** Two lines for each row of tiles; 1 for the short form. */
  readonly stripRows: number;
  readonly bodyRows: number;
}

/** Null when the terminal is too small. */
export function layoutOf(state: UiState, services: number): Layout | null {
  const { columns, rows } = state;
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return null;
  const tilesInRow = Math.max(1, Math.min(services, Math.floor(columns / TILE_COLUMNS)));
  const whole = rows >= TALL_ROWS || (rows >= USUAL_ROWS && state.view === "anomalies" && state.pages.length === 0);
  const stripRows = whole ? 2 * Math.ceil(services / tilesInRow) : 1;
  // two lines of facts, the headline, the tabs, the footer
  return { columns, tilesInRow, stripRows, bodyRows: rows - stripRows - 5 };
}
