/** Carries `vipscope extract` out. */
import { type Analysis, analyze, type OnRead } from "../analyzer.ts";
import { parseIpv4 } from "../bytes/address.ts";
import { safeString } from "../bytes/text.ts";
import { openCapture } from "../capture/merge.ts";
import { bytesRead } from "../capture/source-facts.ts";
import { Anonymization } from "../extract/anonymization.ts";
import { type ExtractResult, writeExtract } from "../extract/extract.ts";
import type { ReportView } from "../report/report-view.ts";
import { FLOW_SERVICES } from "../report/service-names.ts";
import { RULES } from "../rules/all.ts";
import { selectRules } from "../settings/rule-selection.ts";
import { UsageError } from "../settings/usage-error.ts";
import { analysisOptionsOf } from "./analysis-options.ts";
import type { CommandContext } from "./command.ts";
import type { ExtractOptions } from "./commands/extract.ts";
import { ExitStatus } from "./exit-status.ts";
import { refuseCapture, requireWritable, STANDARD_OUTPUT, writeBinaryFile } from "./output-file.ts";
import { type Progress, progressOf } from "./progress.ts";

/** Reads `names` as one capture and writes what was chosen of it. */
export async function extractPackets(
  names: readonly string[],
  options: ExtractOptions,
  context: CommandContext,
): Promise<void> {
  const { rule: rules = [], service: services = [] } = options;
  selectRules(RULES, rules, []);
  for (const service of services) {
    if (!FLOW_SERVICES.some((name) => name === service))
      throw new UsageError("unknown-service", `there is no service "${service}"`, FLOW_SERVICES.join(", "));
  }
  await requireWritable(options.output);
  const analysisOptions = { ...(await analysisOptionsOf(options)), extract: true };
  const { stderr } = context.io;
  const progress = progressOf(stderr, options.progress);
  const onRead: OnRead = (sources) => {
    const { readBytes, totalBytes } = bytesRead(sources);
    progress.update(readBytes, totalBytes);
  };
  const analysis = await analyze((open) => openCapture(names, open), analysisOptions, onRead).finally(() =>
    progress.finish(),
  );
  try {
    const { written, missing } = await write(analysis, options, progress).finally(() => progress.finish());
    const lost =
      missing > 0 ? `; ${missing} more were no longer held: give the file itself, uncompressed, not a pipe` : "";
    stderr.write(
      `${written} packets written to ${options.output === STANDARD_OUTPUT ? "standard output" : safeString(options.output)}${lost}\n`,
    );
    context.status = analysis.isFaulty ? ExitStatus.faultyInput : ExitStatus.ok;
  } finally {
    analysis.close();
  }
}

async function write(analysis: Analysis, options: ExtractOptions, progress: Progress): Promise<ExtractResult> {
  const { flow: flows = [], rule: rules = [], service: services = [] } = options;
  const report = analysis.finish();
  const unknown = flows.find((flow) => flow >= report.flows.length);
  if (unknown !== undefined)
    throw new UsageError(
      "unknown-flow",
      `there is no flow ${unknown}`,
      `the report has flows 0 to ${report.flows.length - 1}`,
    );
  const choices = {
    choice: { flows, rules, services, aroundSeconds: options.around ?? null },
    redact: options.redact === true,
    anonymization: options.anonymize === true ? new Anonymization(platformWords(report)) : null,
  };
  await refuseCapture(options.output, report.capture.sources);
  let bytes = 0;
  return writeBinaryFile(options.output, (append) =>
    writeExtract(analysis.extractSource(), report, choices, (block) => {
      bytes += block.length;
      progress.wrote(bytes);
      return append(block);
    }),
  );
}

function platformWords(report: ReportView): number[] {
  return report.platform.addresses.flatMap(({ address }) => parseIpv4(address) ?? []);
}
