/** The first lines: what is looked at, how far, how fast, and the answer in one sentence. */
import { headlineOf } from "../../report/headline.ts";
import type { CaptureSummary, PrimaryNic } from "../../report/report.ts";
import type { SessionStatus } from "../../report/session-view.ts";
import { count, counted, size, span } from "../../report/values.ts";
import type { ReadingProgress } from "../../report/view-source.ts";
import type { ScreenModel } from "../model.ts";
import { type Line, type Piece, piece, spread } from "../parts/line.ts";
import { sparkline, summedInto } from "../parts/sparkline.ts";
import { type Role, type Symbols, verdictRole } from "../theme.ts";

/** Columns of the sparkline of platform packets, and of the progress bar. */
const SPARKLINE_COLUMNS = 12;
const PROGRESS_COLUMNS = 10;
const GAP = "   ";

export function topBarLines(model: ScreenModel): Line[] {
  const { columns } = model.state;
  const { ellipsis } = model.theme.symbols;
  const { overview } = model.data;
  return [
    spread(titleLine(model), amounts(model), columns, ellipsis),
    spread(rates(model), primaryNic(overview?.report.platform.primaryNic ?? null), columns, ellipsis),
    headline(model),
  ];
}

function titleLine(model: ScreenModel): Line {
  const { session } = model.data;
  const title = [piece(" vipscope ", "accent"), piece(` ${model.title}`, "strong")];
  if (session === null) return title;
  const lost = session.nics.filter((nic) => nic.state === "lost").map(({ name }) => name);
  return [
    ...title,
    piece(lost.length === 0 ? "" : `${GAP}${lost.join(", ")} lost`, "bad"),
    piece(`${GAP}${session.backend}, ${session.clock} clock`, "faint"),
  ];
}

function amounts(model: ScreenModel): Line {
  const { progress, session, overview } = model.data;
  if (model.state.paused) return [piece("PAUSED", "doubtful"), piece("  Space goes on ", "faint")];
  if (session !== null) return [sessionPiece(session), piece(`  ${span(session.elapsedMs)} `)];
  if (progress?.state === "failed") return [piece("stopped by a fault ", "bad")];
  if (progress?.state === "reading") return progressLine(progress, model.theme.symbols);
  const durationMs = overview?.report.capture.durationMs ?? null;
  return durationMs === null ? [] : [piece(`${span(durationMs)} `)];
}

function sessionPiece(session: SessionStatus): Piece {
  if (session.state !== "watching") return piece(session.state, session.state === "ended" ? "bad" : "faint");
  const role: Role = session.nics.some((nic) => nic.state === "lost") ? "doubtful" : "good";
  return piece(session.recording?.state === "recording" ? "recording" : "watching", role);
}

/** A bar with speed and remaining time; of a pipe, whose length is not known, what was read. */
function progressLine(progress: ReadingProgress, symbols: Symbols): Line {
  const { readBytes, totalBytes, elapsedMs } = progress;
  const bytesPerMs = elapsedMs > 0 ? readBytes / elapsedMs : 0;
  const speed = `${size(Math.round(bytesPerMs * 1000))}/s`;
  if (totalBytes === null) return [piece("reading ", "accent"), piece(`${size(readBytes)}  ${speed} `)];
  const share = totalBytes === 0 ? 1 : Math.min(1, readBytes / totalBytes);
  const done = Math.floor(share * PROGRESS_COLUMNS);
  const left = bytesPerMs > 0 ? `  ${secondsText((totalBytes - readBytes) / bytesPerMs)} left` : "";
  return [
    piece("reading ", "accent"),
    piece(symbols.barDone.repeat(done), "accent"),
    piece(symbols.barLeft.repeat(PROGRESS_COLUMNS - done), "faint"),
    piece(` ${Math.floor(share * 100)}%  ${speed}${left} `),
  ];
}

/** Whole seconds are all that a guess is worth. */
function secondsText(ms: number): string {
  return ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : span(ms);
}

function rates(model: ScreenModel): Line {
  const { overview, session, progress } = model.data;
  const capture = overview?.report.capture ?? null;
  const packets = session?.packets ?? progress?.packets ?? capture?.packets ?? 0;
  const platform = session?.platformPackets ?? progress?.platformPackets ?? capture?.platformPackets ?? 0;
  const buckets = overview?.platformPackets.packets ?? [];
  const drops = session === null ? droppedPackets(capture) : session.droppedPackets;
  return [
    piece(` ${counted(packets, "packet")}, `),
    piece(`${count(platform)} platform`, "strong"),
    piece(
      buckets.length === 0
        ? ""
        : ` ${sparkline(summedInto(buckets, SPARKLINE_COLUMNS), SPARKLINE_COLUMNS, model.theme.symbols)}`,
      "accent",
    ),
    piece(session === null ? "" : ` ${session.platformPacketsPerSecond.toFixed(0)}/s`),
    piece(GAP),
    drops === null ? piece("drops unknown", "faint") : piece(`${count(drops)} dropped`, drops > 0 ? "bad" : "plain"),
  ];
}

/** What the interfaces lost together; null when one of them does not tell. */
function droppedPackets(capture: CaptureSummary | null): number | null {
  if (capture === null) return null;
  let sum = 0;
  for (const { droppedPackets } of capture.sources.flatMap((source) => source.interfaces)) {
    if (droppedPackets === null) return null;
    sum += droppedPackets;
  }
  return sum;
}

function primaryNic(nic: PrimaryNic | null): Line {
  if (nic === null) return [piece("primary NIC unknown ", "faint")];
  const address = nic.addresses[0];
  const name = [nic.interface ?? (address === undefined ? nic.mac : null), address]
    .filter((one) => typeof one === "string")
    .join(" ");
  return [piece("primary ", "faint"), piece(`${name} `)];
}

function headline(model: ScreenModel): Line {
  const { overview, progress } = model.data;
  if (progress !== null && progress.problem !== null) return [piece(` ${progress.problem}`, "bad")];
  if (overview === null) return [piece(" looking at the first packets", "faint")];
  const { state, word, text } = headlineOf(overview.report);
  const shown = `${model.theme.symbols.verdicts[state]} ${word.toUpperCase()}`;
  return [piece(` ${shown}`, verdictRole(state)), piece(`  ${text}`, "strong")];
}
