/** Where a report goes: standard output, a file that is there whole or not at all, or a directory with a file for each table. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf } from "../capture/file-fault.ts";
import { OUTPUT_FORMS } from "../output/all.ts";
import type { OutputForm, TablesForm, TextSink, WriteOutput } from "../output/form.ts";
import type { PacketLines } from "../report/packet-line.ts";
import type { ReportView } from "../report/report-view.ts";
import { UsageError } from "../settings/usage-error.ts";
import { type Io, wantsColour } from "./io.ts";
import { refuseCapture, STANDARD_OUTPUT, writeOutputFile } from "./output-file.ts";
import { streamSink } from "./stream-sink.ts";

/** What is asked of the output. */
export interface OutputChoice {
  /** One of the names of `OUTPUT_FORMS`. */
  readonly format: string;
  /** Null for standard output. */
  readonly path: string | null;
  /** The one table that is wanted of a form that has several; null for all. */
  readonly table: string | null;
}

/** A choice that can be carried out. */
export interface ReportTarget extends OutputChoice {
  readonly form: OutputForm;
}

/** Finds the form, and refuses what does not go together, before anything is analysed. */
export function reportTarget(choice: OutputChoice): ReportTarget {
  const { format, path, table } = choice;
  const form = OUTPUT_FORMS.find((one) => one.name === format);
  if (form === undefined) throw new UsageError("unknown-format", `there is no format "${format}"`);
  if (table !== null && form.tables === undefined)
    throw new UsageError("no-tables", `${format} is one document: --table is for ${formsWithTables()}`);
  if (form.tables === undefined) return { ...choice, form };
  const names = form.tables.join(", ");
  if (table === null && (path === null || path === STANDARD_OUTPUT)) {
    const hint = `-o names a directory for all of them; --table takes one: ${names}`;
    throw new UsageError("several-tables", `${format} is one file a table`, hint);
  }
  if (table !== null && !form.tables.includes(table))
    throw new UsageError("unknown-table", `there is no table "${table}"`, `${format} has ${names}`);
  return { ...choice, form };
}

/** Writes the report. */
export async function writeReport(
  report: ReportView,
  packets: PacketLines,
  { form, path, table }: ReportTarget,
  io: Io,
): Promise<void> {
  if (form.tables === undefined) await writeDocument(report, packets, await form.load(), path, io);
  else if (table !== null) await writeDocument(report, packets, await form.load(table), path, io);
  else if (path !== null) await writeTables(report, packets, form, path, io);
}

async function writeTables(
  report: ReportView,
  packets: PacketLines,
  form: TablesForm,
  directory: string,
  io: Io,
): Promise<void> {
  await mkdir(directory, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "EEXIST" ? "it is a file" : reasonOf(error);
    throw new UsageError("output-not-writable", `cannot make the directory ${directory}: ${reason}`);
  });
  for (const table of form.tables) {
    const path = join(directory, `${table}.${form.ending}`);
    await writeDocument(report, packets, await form.load(table), path, io);
  }
}

async function writeDocument(
  report: ReportView,
  packets: PacketLines,
  write: WriteOutput,
  path: string | null,
  io: Io,
): Promise<void> {
  if (path === null) {
    await write({ report, packets, colour: wantsColour(io.stdout, io.env) }, streamSink(io.stdout));
    return;
  }
  await refuseCapture(path, report.capture.sources);
  await writeOutputFile(path, (sink: TextSink) => write({ report, packets, colour: false }, sink));
}

function formsWithTables(): string {
  return OUTPUT_FORMS.filter((form) => form.tables !== undefined)
    .map((form) => form.name)
    .join(" and ");
}
