/** The ways from bytes to everything that comes out of vipscope, each with what must hold of it. */
import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import * as oracle from "./oracles.mjs";

/** The last instant that a Date can hold. */
const LATEST_MS = 8.64e15;

/** The ways by their names. Each takes bytes and a number that decides between its choices, and throws when something does not hold. */
export async function waysThrough(dist) {
  const from = (path) => import(new URL(path, dist).href);
  const [
    { Analysis },
    { openStream },
    { SourceFacts },
    { RULES },
    { DEFAULT_THRESHOLDS },
    { InputError },
    { OUTPUT_FORMS },
    { PAGE_SCRIPT, PAGE_STYLE },
  ] = await Promise.all([
    from("analyzer.js"),
    from("capture/open.js"),
    from("capture/source-facts.js"),
    from("rules/all.js"),
    from("rules/thresholds.js"),
    from("capture/input-error.js"),
    from("output/all.js"),
    from("output/html/page-assets.js"),
  ]);
  const [{ writeExtract }, { Anonymization }, { ReportServer }, { readReport }, { compareReports }] = await Promise.all(
    [
      from("extract/extract.js"),
      from("extract/anonymization.js"),
      from("view/report-server.js"),
      from("report/read-report.js"),
      from("report/compare-reports.js"),
    ],
  );
  const [{ AnomalyHistory }, { EventTeller }, { SORT_COLUMNS, FILTER_FIELDS }] = await Promise.all([
    from("live/anomaly-history.js"),
    from("live/event-teller.js"),
    from("report/view-fields.js"),
  ]);
  const isReport = oracle.schemaChecker(dist, "report");
  const isEvent = oracle.schemaChecker(dist, "event");
  const chosen = { platformAddresses: [], primaryNic: null, rules: RULES, thresholds: DEFAULT_THRESHOLDS };

  /** Reads the bytes in pieces and hands the analysis on before it is closed. Null when the input is refused, as it may be. */
  async function analysed(bytes, pieceBytes, use, { live = false, onRead } = {}) {
    const pieces = [];
    for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(bytes.subarray(at, at + pieceBytes));
    const analysis = new Analysis({ ...chosen, live });
    try {
      await analysis.open(async (open) => {
        const facts = new SourceFacts("fuzz");
        const stream = Readable.from(pieces, { objectMode: false });
        return { facts: [facts], records: await openStream(stream, 0, open, facts) };
      });
      await analysis.read(onRead?.(analysis));
      return await use(analysis, analysis.finish());
    } catch (error) {
      if (error instanceof InputError) return null;
      throw error;
    } finally {
      analysis.close();
    }
  }

  async function written(name, analysis, report, table) {
    const form = OUTPUT_FORMS.find((one) => one.name === name);
    const parts = [];
    const sink = { write: async (part) => parts.push(part) };
    await (await form.load(table))({ report, packets: analysis.packetLines(), colour: false }, sink);
    return parts.join("");
  }

  async function extracted(analysis, report, options) {
    const blocks = [];
    const choice = { flows: [], rules: [], services: [], aroundSeconds: null };
    const source = analysis.extractSource();
    const result = await writeExtract(source, report, { choice, ...options }, async (block) => {
      blocks.push(Buffer.from(block));
    });
    return { ...result, bytes: Buffer.concat(blocks) };
  }

  const whole = (bytes, use) => analysed(bytes, bytes.length + 1, use);
  const form = (name, check) => (bytes) =>
    whole(bytes, async (analysis, report) => check(await written(name, analysis, report)));

  return {
    text: form("text", oracle.plainText),
    json: form("json", (text) => {
      isReport(oracle.json(text));
      const again = readReport(text);
      const { change } = compareReports(["before", again], ["after", again]);
      if (change !== "same") throw new oracle.BrokenRule(`compared with itself it is ${change}`);
    }),
    html: form("html", (text) => oracle.html(text, [PAGE_SCRIPT, PAGE_STYLE])),
    markdown: form("markdown", oracle.markdown),
    ndjson: form("ndjson", (text) => {
      for (const line of text.split("\n").slice(0, -1)) isEvent(oracle.json(line));
    }),
    csv: (bytes) =>
      whole(bytes, async (analysis, report) => {
        const { tables } = OUTPUT_FORMS.find(({ name }) => name === "csv");
        for (const table of tables) oracle.csv(await written("csv", analysis, report, table));
      }),

    /** The report is the same however the bytes come. */
    pieces: async (bytes, number) => {
      const report = (analysis, view) => written("json", analysis, view);
      const [one, other] = [await whole(bytes, report), await analysed(bytes, 1 + (number % 97), report)];
      oracle.same(one, other);
    },

    /** What an extract holds can be read again, all of it. */
    extract: (bytes, number) =>
      whole(bytes, async (analysis, report) => {
        const addresses = [0xa83f8110];
        const anonymization = number % 3 === 2 ? new Anonymization(addresses, Buffer.alloc(32)) : null;
        const extract = await extracted(analysis, report, { redact: number % 3 > 0, anonymization });
        if (extract.written + extract.missing !== report.capture.platformPackets)
          throw new oracle.BrokenRule(`${extract.written} of ${report.capture.platformPackets} packets were extracted`);
        await whole(extract.bytes, (again, { capture }) => {
          if (again.isFaulty || capture.packets !== extract.written)
            throw new oracle.BrokenRule(`an extract of ${extract.written} packets is read as ${capture.packets}`);
        });
      }),

    /** What a screen asks. */
    screen: (bytes, number) =>
      whole(bytes, async (analysis, report) => {
        const server = new ReportServer(analysis, report, 1, async () => {});
        oracle.plainTexts(server.overview());
        for (const [table, columns] of Object.entries(SORT_COLUMNS)) {
          const sort = { column: columns[number % columns.length], descending: number % 2 === 0 };
          const filter = `${FILTER_FIELDS[number % FILTER_FIELDS.length].name}:${number % 100}`;
          for (const asked of ["", filter])
            oracle.plainTexts(await server.rows({ table, filter: asked, sort, start: 0, count: 100 }));
        }
        for (let flow = 0; flow < Math.min(8, report.flows.length); flow++) {
          const detail = await server.flow(flow);
          oracle.plainTexts(detail);
          const refs = detail.packets.slice(0, 20).map(({ packet }) => packet);
          oracle.plainTexts(server.packetLines(refs));
          for (const ref of refs) oracle.plainTexts(server.packet(ref)?.layers);
        }
      }),

    /** A session that goes on: it is looked at, and what is old let go, while packets come. */
    live: (bytes, number) => {
      let looks = 0;
      let teller;
      const session = { revision: 0, history: new AnomalyHistory(), touch: () => {} };
      const tell = (event) => isEvent(oracle.json(JSON.stringify(event)));
      // A packet may claim a time that no clock shows, but the session's own clock is the machine's.
      const nowMs = () => Math.max(0, Math.min(session.analysis.nowMs ?? 0, LATEST_MS));
      const onRead = (analysis) => {
        session.analysis = analysis;
        session.report = () => {
          analysis.observe(nowMs());
          const view = analysis.snapshot();
          session.history.note(view, analysis.heldSinceAt, nowMs());
          return session.history.complete(view);
        };
        teller = new EventTeller(session, tell, 1000, nowMs);
        session.history.onChange = (change, anomaly) =>
          tell({ schemaVersion: 1, at: new Date(0).toISOString(), event: `anomaly-${change}`, anomaly });
        return (sources) => {
          const { latestNs } = sources[0];
          if (latestNs === null || ++looks > 30) return;
          session.revision++;
          analysis.nowMs = latestNs / 1e6 - analysis.timeNsOf(0) / 1e6;
          teller.look();
          analysis.letGo(nowMs() + 1000, number % 2 === 0 ? 0 : 3_600_000);
        };
      };
      const use = async (analysis, report) => {
        isReport(oracle.json(await written("json", analysis, report)));
        teller.look(Number.POSITIVE_INFINITY);
      };
      return analysed(bytes, 100 + (number % 900), use, { live: true, onRead });
    },
  };
}
