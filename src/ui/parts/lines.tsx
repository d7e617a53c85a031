/** Lines of the screen as Ink draws them. */
import { Text, Transform } from "ink";
import type { ReactElement } from "react";
import type { Role, Theme } from "../theme.ts";
import { fitted, type Line, painted } from "./line.ts";

export interface LinesProps {
  readonly lines: readonly Line[];
  readonly columns: number;
  /** Lines to fill; what is missing stays empty. */
  readonly rows: number;
  readonly theme: Theme;
  /** What lies under each line; "plain" where nothing is said. */
  readonly bases?: readonly Role[];
}

/**
 * A block of lines. Ink measures and remembers every text that it lays out, for ever; so it is given the same empty block each time, and
 * the lines, which are exactly as wide already, take its place when it is drawn.
 */
export function Lines({ lines, columns, rows, theme, bases }: LinesProps): ReactElement {
  const texts = Array.from({ length: rows }, (_, row) =>
    painted(fitted(lines[row] ?? [], columns, theme.symbols.ellipsis), theme, bases?.[row] ?? "plain"),
  );
  const block = Array.from({ length: rows }, () => " ".repeat(columns)).join("\n");
  return (
    <Transform transform={(_, row) => texts[row] ?? ""}>
      <Text>{block}</Text>
    </Transform>
  );
}
