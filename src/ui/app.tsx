/** The whole screen, drawn from one model. */
import { Box, useInput } from "ink";
import type { ReactElement } from "react";
import { placeOf } from "./actions.ts";
import { bodyOf } from "./bodies.ts";
import { keysOf } from "./keys.ts";
import { layoutOf, SMALLEST } from "./layout.ts";
import type { ScreenModel } from "./model.ts";
import { BodyPanel } from "./panels/body.tsx";
import { footerLine } from "./panels/footer.ts";
import { servicesStripLines, tiledServices } from "./panels/services-strip.ts";
import { tabsLine } from "./panels/tabs.ts";
import { topBarLines } from "./panels/top-bar.ts";
import { piece } from "./parts/line.ts";
import { Lines } from "./parts/lines.tsx";

export interface AppProps {
  readonly model: ScreenModel;
  /** Told of each key by its name. */
  readonly onKey: (key: string) => void;
}

export function App({ model, onKey }: AppProps): ReactElement {
  useInput((input, key) => {
    for (const name of keysOf(input, key)) onKey(name);
  });
  const { state, theme } = model;
  const { columns } = state;
  const layout = layoutOf(state, tiledServices(model.data).length);
  if (layout === null) return <TooSmall model={model} />;
  return (
    <Box flexDirection="column" width={columns} height={state.rows}>
      <Lines lines={topBarLines(model)} columns={columns} rows={3} theme={theme} />
      <Lines lines={servicesStripLines(model, layout)} columns={columns} rows={layout.stripRows} theme={theme} />
      <Lines lines={[tabsLine(model)]} columns={columns} rows={1} theme={theme} />
      <BodyPanel model={model} body={bodyOf(model)} rows={layout.bodyRows} />
      <Lines lines={[footerLine(model, placeOf(state))]} columns={columns} rows={1} theme={theme} />
    </Box>
  );
}

function TooSmall({ model }: { readonly model: ScreenModel }): ReactElement {
  const { columns, rows } = model.state;
  const lines = [
    [piece(`vipscope needs ${SMALLEST.columns} x ${SMALLEST.rows},`)],
    [piece(`this is ${columns} x ${rows}. q quits, --no-ui prints.`)],
  ];
  return <Lines lines={lines} columns={Math.max(1, columns)} rows={Math.min(2, rows)} theme={model.theme} />;
}
