/** The table of probed endpoints. */
import type { ProbeSeries } from "../../report/report.ts";
import { clock, endpoint } from "../../report/values.ts";
import { column, detail, outcomeColumn, type TableShape } from "./table-columns.ts";

/** Changes of one endpoint that an opened row names. */
const NAMED_CHANGES = 100;

export function probeTable(): TableShape<ProbeSeries> {
  return {
    isOdd: (one) => one.failed > 0,
    columns: [
      column("endpoint", "Endpoint", "text", (one) => endpoint(one.vm.address, one.vm.port), true),
      column("kind", "Kind", "text", (one) => one.kind),
      column("path", "Path", "text", (one) => one.path, true),
      column("probes", "Probes", "number", (one) => one.probes),
      column("good", "Good", "number", (one) => one.succeeded),
      column("failed", "Failed", "number", (one) => one.failed),
      column("every", "Every", "duration", (one) => one.intervalMs),
      outcomeColumn(
        "last",
        "Last",
        (one) => one.lastOutcome,
        (one) => one.lastOutcome !== "succeeded",
      ),
      detail("changes", "Changes", "lines", changeLines),
      detail("flows", "Flows", "number", (one) => one.flows.length),
    ],
  };
}

function changeLines({ transitions }: ProbeSeries): string {
  if (transitions.length === 0) return "none";
  const lines = transitions.slice(0, NAMED_CHANGES).map(({ at, to }) => `${clock(at)} ${to}`);
  const rest = transitions.length - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
}
