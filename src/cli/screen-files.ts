/** Writes the files that a person asks a screen for: reports and packets, whole or not at all. */
import { writeExtract } from "../extract/extract.ts";
import type { ReportFiles } from "../view/capture-reading.ts";
import { refuseCapture, writeBinaryFile } from "./output-file.ts";
import { reportTarget, writeReport } from "./write-report.ts";

const ALL_PACKETS = { flows: [], rules: [], services: [], aroundSeconds: null };

export const SCREEN_FILES: ReportFiles = {
  async report(view, packets, path, format) {
    const target = reportTarget({ format, path, table: null });
    await writeReport(view, packets, target, { stdout: process.stdout, stderr: process.stderr, env: {} });
  },
  async packets(source, view, path) {
    await refuseCapture(path, view.capture.sources);
    await writeBinaryFile(path, (write) =>
      writeExtract(source, view, { choice: ALL_PACKETS, redact: false, anonymization: null }, write),
    );
  },
};
