/** The middle of the screen: a body's fixed lines, then the items around the cursor. */
import type { ReactElement } from "react";
import { roomOf } from "../actions.ts";
import type { Body } from "../body.ts";
import type { ScreenModel } from "../model.ts";
import { type Line, piece } from "../parts/line.ts";
import { Lines } from "../parts/lines.tsx";
import { scrollOf } from "../state.ts";
import type { Role } from "../theme.ts";

export interface BodyPanelProps {
  readonly model: ScreenModel;
  readonly body: Body;
  readonly rows: number;
}

export function BodyPanel({ model, body, rows }: BodyPanelProps): ReactElement {
  const { theme, state } = model;
  const lines: Line[] = body.head.map((line) => [piece("  "), ...line]);
  const bases: Role[] = body.head.map(() => "plain");
  if (body.count === 0) lines.push(...body.empty);
  const { selected, top } = scrollOf(state);
  const end = Math.min(body.count, top + roomOf(model, body));
  for (let index = top; index < end; index++) {
    const item = body.item(index);
    const chosen = index === selected;
    for (let row = 0; row < body.itemLines; row++) {
      const mark = chosen && row === 0 ? `${theme.symbols.cursor} ` : "  ";
      lines.push([piece(mark, "accent"), ...(item?.lines[row] ?? [])]);
      bases.push(chosen && item?.target != null ? "selected" : "plain");
    }
  }
  return <Lines lines={lines} columns={state.columns} rows={rows} theme={theme} bases={bases} />;
}
