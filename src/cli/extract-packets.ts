/** Carries `vipscope extract` out. */
import { analyze } from "../analyzer.ts";
import { parseIpv4 } from "../bytes/address.ts";
import { openCapture } from "../capture/merge.ts";
import { Anonymization } from "../extract/anonymization.ts";
import { writeExtract } from "../extract/extract.ts";
import type { ReportView } from "../report/report-view.ts";
import { FLOW_SERVICES } from "../report/service-names.ts";
import { RULES } from "../rules/all.ts";
import { analysisOptionsOf } from "./analysis-options.ts";
import type { CommandContext } from "./command.ts";
import type { ExtractOptions } from "./commands/extract.ts";
import { ExitStatus } from "./exit-status.ts";
import { writeBinaryFile } from "./output-file.ts";
import { selectRules } from "./rule-selection.ts";
import { UsageError } from "./usage-error.ts";

/** Reads `names` as one capture and writes what was chosen of it. */
export async function extractPackets(
  names: readonly string[],
  options: ExtractOptions,
  context: CommandContext,
): Promise<void> {
  const { flow: flows = [], rule: rules = [], service: services = [] } = options;
  selectRules(RULES, rules, []);
  for (const service of services) {
    if (!FLOW_SERVICES.some((name) => name === service))
      throw new UsageError("unknown-service", `there is no service "${service}"`, FLOW_SERVICES.join(", "));
  }
  const analysis = await analyze((openOptions) => openCapture(names, openOptions), await analysisOptionsOf(options));
  try {
    const report = analysis.finish();
    const unknown = flows.find((flow) => flow >= report.flows.length);
    if (unknown !== undefined)
      throw new UsageError(
        "unknown-flow",
        `there is no flow ${unknown}`,
        `the report has flows 0 to ${report.flows.length - 1}`,
      );
    const { written, missing } = await writeBinaryFile(options.output, (write) =>
      writeExtract(
        analysis.extractSource(),
        report,
        {
          choice: { flows, rules, services, aroundSeconds: options.around ?? null },
          redact: options.redact === true,
          anonymization: options.anonymize === true ? new Anonymization(platformWords(report)) : null,
        },
        write,
      ),
    );
    const lost = missing > 0 ? `; ${missing} more were no longer held: give the file itself, not a pipe` : "";
    context.io.stderr.write(`${written} packets written to ${options.output}${lost}\n`);
    context.status = analysis.isFaulty ? ExitStatus.faultyInput : ExitStatus.ok;
  } finally {
    analysis.close();
  }
}

function platformWords(report: ReportView): number[] {
  return report.platform.addresses.flatMap(({ address }) => parseIpv4(address) ?? []);
}
