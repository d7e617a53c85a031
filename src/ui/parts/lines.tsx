/** Lines of the screen as Ink draws them. */
import { Text, Transform } from "ink";
import type { ReactElement } from "react";
import type { Role, Theme } from "../theme.ts";
import { cutLine, fitted, type Line, painted } from "./line.ts";

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
  const { ellipsis } = theme.symbols;
  const texts = Array.from({ length: rows }, (_, row) => {
    const line = lines[row] ?? [];
    const base = bases?.[row] ?? "plain";
    // Ink looks at each character: what is only empty is left to it.
    return painted(base === "plain" ? cutLine(line, columns, ellipsis) : fitted(line, columns, ellipsis), theme, base);
  });
  const block = Array.from({ length: rows }, () => " ".repeat(columns)).join("\n");
  return (
    <Transform transform={(_, row) => texts[row] ?? ""}>
      <Text>{block}</Text>
    </Transform>
  );
}
