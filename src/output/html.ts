/**
 * The HTML report: one page for a ticket or a post-mortem that holds all it needs. The answer first, then the time line, what is wrong with
 * its evidence, distributions and probes, and all rows as tables. It is written piece by piece, and with the same bytes for the same input.
 */
import { anomaliesTitle } from "../report/headline.ts";
import type { OutputInput, TextSink } from "./form.ts";
import { anomalyArticles } from "./html/anomalies.ts";
import { captureSection } from "./html/capture-facts.ts";
import { documentEnd, documentHead, type Entry, pageBar } from "./html/document.ts";
import { latencySection } from "./html/latency.ts";
import { manualTestsSection } from "./html/manual-tests.ts";
import type { Markup } from "./html/markup.ts";
import { probeSection } from "./html/probe-strips.ts";
import { headline, servicesSection, sourceNames } from "./html/summary.ts";
import { pageTables } from "./html/tables.ts";
import { timelineSection } from "./html/timeline.ts";
import { gatherTracks } from "./html/tracks.ts";

/** Writes the page; a section about nothing is left out. */
export async function writeHtml({ report, packets }: OutputInput, sink: TextSink): Promise<void> {
  const tracks = gatherTracks(report);
  const timeline = timelineSection(report, tracks);
  const tests = manualTestsSection(report.manualTests);
  const latency = latencySection(tracks);
  const probes = probeSection(report, tracks);
  const tables = pageTables(report, tracks.instants);
  const entries: Entry[] = [
    { id: "services", title: "Services" },
    ...entry(timeline, "timeline", "Timeline"),
    ...(report.anomalies.length > 0 ? [{ id: "anomalies", title: anomaliesTitle(report.anomalies) }] : []),
    ...entry(tests, "manual-tests", "Tests"),
    ...entry(latency, "latency", "Latency"),
    ...entry(probes, "probes", "Probes"),
    ...tables.filter(({ id }) => id !== "probe-table"),
    { id: "capture", title: "Capture" },
  ];
  const write = async (piece: Markup | null): Promise<void> => {
    if (piece !== null) await sink.write(piece.text);
  };
  await sink.write(documentHead(`vipscope report of ${sourceNames(report)}`));
  await write(pageBar(entries));
  await sink.write('<main id="main">\n');
  await write(headline(report));
  await write(servicesSection(report));
  await write(timeline);
  if (report.anomalies.length > 0) {
    await sink.write('<section id="anomalies" aria-labelledby="anomalies-title">\n');
    await sink.write(
      `<h2 id="anomalies-title">${anomaliesTitle(report.anomalies)} <span class="amount">${report.anomalies.length}</span></h2>\n`,
    );
    for (const article of anomalyArticles(report, packets)) await write(article);
    await sink.write("</section>\n");
  }
  await write(tests);
  await write(latency);
  await write(probes);
  for (const table of tables) for (const piece of table.pieces()) await sink.write(piece);
  await write(captureSection(report));
  await sink.write("</main>\n");
  await sink.write(documentEnd(report.tool.version));
}

function entry(content: Markup | null, id: string, title: string): Entry[] {
  return content === null ? [] : [{ id, title }];
}
