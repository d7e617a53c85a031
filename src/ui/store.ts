/**
 * What the screen shows at one moment. Takes keys, asks the source for what its choices need and nothing else, one question of a kind at a
 * time, and tells its listener when a frame is due.
 */

import { MAX_SEARCHED_ROWS } from "../limits.ts";
import type { RowQuery, TableName, ViewSource } from "../report/view-source.ts";
import { act, type Effect, placeOf, settledState } from "./actions.ts";
import { TABLES } from "./columns.ts";
import { exportFormatOf } from "./export-formats.ts";
import { commandOf } from "./keys.ts";
import { layoutOf } from "./layout.ts";
import { anomaliesOf, anomalyKey, type ScreenData, type ScreenModel } from "./model.ts";
import { type Pace, Pacer } from "./pacer.ts";
import { tiledServices } from "./panels/services-strip.ts";
import { promptKey } from "./prompt.ts";
import { type Question, questionsOf } from "./pulls.ts";
import { newestPage, withNewest } from "./row-pages.ts";
import { initialState, isTable, type Prompt, shownTable, type UiState, withTable } from "./state.ts";
import type { Theme } from "./theme.ts";

/** How long a message stays. */
const MESSAGE_MS = 4000;
/** Of a live session, the clock and the ages go on without packets. */
const CLOCK_MS = 1000;
/** Rows looked through at once, and at most, for the next one that is out of the ordinary. */
const SEARCHED_AT_ONCE = 500;
export interface StoreOptions {
  readonly title: string;
  readonly theme: Theme;
  readonly columns: number;
  readonly rows: number;
  readonly pace: Pace;
  /** Draws a frame. */
  readonly draw: (model: ScreenModel) => void;
  readonly copy: (text: string) => void;
  readonly quit: () => void;
  readonly suspend: () => void;
}

export class Store {
  readonly #source: ViewSource;
  readonly #options: StoreOptions;
  readonly #pacer: Pacer;
  readonly #unsubscribe: () => void;
  /** The key of the question of each kind that was answered last, and of the one that is asked. */
  readonly #answered = new Map<string, string>();
  readonly #asked = new Map<string, string>();
  #model: ScreenModel;
  /** The revision to be shown. A paused screen stays at the one it has. */
  #revision: number;
  #pulledAt = Number.NEGATIVE_INFINITY;
  #pullTimer: NodeJS.Timeout | null = null;
  #messageTimer: NodeJS.Timeout | null = null;
  readonly #clock: NodeJS.Timeout | null;
  #keyWaits = false;
  #closed = false;

  constructor(source: ViewSource, options: StoreOptions) {
    this.#source = source;
    this.#options = options;
    this.#revision = source.revision;
    this.#model = {
      title: options.title,
      kind: source.kind,
      theme: options.theme,
      state: initialState(options.columns, options.rows),
      data: {
        progress: source.progress(),
        session: source.session(),
        overview: null,
        windows: { flows: null, dns: null, dhcp: null, http: null, probes: null },
        flow: null,
        packet: null,
        evidence: null,
      },
      now: Date.now(),
    };
    this.#pacer = new Pacer(() => options.draw(this.#model), options.pace);
    this.#unsubscribe = source.onChange(() => this.#pullSoon());
    this.#clock = source.kind === "live" ? setInterval(() => this.#pullSoon(), CLOCK_MS) : null;
    this.#ask();
  }

  /** As it stands, whatever was drawn. */
  get model(): ScreenModel {
    return this.#model;
  }

  key(name: string): void {
    if (this.#closed) return;
    const { prompt } = this.#model.state;
    if (prompt !== null) this.#promptKey(prompt, name);
    else {
      const command = commandOf(name, placeOf(this.#model.state));
      if (command === null || (command === "write" && this.#endRecording())) return;
      const { state, effect } = act(command, this.#model);
      this.#change(state);
      if (effect !== null) this.#do(effect);
    }
    this.#afterKey();
  }

  resize(columns: number, rows: number): void {
    if (this.#closed) return;
    this.#change({ ...this.#model.state, columns, rows });
    this.#afterKey();
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
    this.#pacer.stop();
    for (const timer of [this.#pullTimer, this.#messageTimer, this.#clock]) if (timer !== null) clearTimeout(timer);
  }

  #change(state: UiState, data: ScreenData = this.#model.data): void {
    const next = { ...this.#model, state, data };
    this.#model = { ...next, state: settledState(next) };
  }

  #afterKey(): void {
    if (!this.#model.state.paused) this.#revision = Math.max(this.#revision, this.#source.revision);
    this.#keyWaits = this.#ask();
    this.#pacer.want("key", this.#keyWaits ? this.#options.pace.waitMs : 0);
  }

  /** News are looked at when the last look is long enough ago. */
  #pullSoon(): void {
    if (this.#pullTimer !== null || this.#closed) return;
    const inMs = this.#pulledAt + this.#options.pace.pullMs - performance.now();
    this.#pullTimer = setTimeout(() => this.#pull(), Math.max(0, inMs));
  }

  #pull(): void {
    this.#pullTimer = null;
    this.#pulledAt = performance.now();
    if (this.#model.state.paused) return;
    this.#revision = this.#source.revision;
    const data = { ...this.#model.data, progress: this.#source.progress(), session: this.#source.session() };
    this.#model = { ...this.#model, data, now: Date.now() };
    if (!this.#ask()) this.#pacer.want("news");
  }

  /** Asks what is not known yet. True when something that has never been answered is awaited. */
  #ask(): boolean {
    let missing = false;
    for (const question of questionsOf(this.#model, this.#bodyRows())) {
      const slot = question.kind === "rows" ? question.query.table : question.kind;
      const wanted = question.kind === "packet" ? question.key : `${question.key} @${this.#revision}`;
      if (this.#answered.get(slot) === wanted) continue;
      if (!(this.#answered.get(slot) ?? "").startsWith(`${question.key} @`)) missing = true;
      if (this.#asked.has(slot)) continue;
      this.#asked.set(slot, wanted);
      void this.#answer(question, slot, wanted);
    }
    return missing;
  }

  async #answer(question: Question, slot: string, wanted: string): Promise<void> {
    try {
      const data = await this.#answerOf(question);
      if (this.#closed) return;
      this.#answered.set(slot, wanted);
      this.#take({ ...this.#model.data, ...data });
    } catch (error) {
      if (this.#closed) return;
      this.#answered.set(slot, wanted);
      this.#say(messageOf(error), false);
    }
    this.#asked.delete(slot);
    if (this.#ask()) return;
    this.#pacer.want(this.#keyWaits ? "key" : "news");
    this.#keyWaits = false;
  }

  async #answerOf(question: Question): Promise<Partial<ScreenData>> {
    switch (question.kind) {
      case "overview":
        return { overview: await this.#source.overview() };
      case "rows":
        return this.#rows(question.query.table, question.query);
      case "flow":
        return { flow: await this.#source.flow(question.id) };
      case "row": {
        const newest = await newestPage(question.page, this.#source);
        if (newest !== null) this.#change(withNewest(this.#model.state, newest));
        return {};
      }
      case "packet":
        return { packet: await this.#source.packet(question.packet) };
      case "evidence":
        return { evidence: { key: question.anomaly, lines: await this.#source.packetLines(question.packets) } };
      default:
        return question satisfies never;
    }
  }

  async #rows<Table extends TableName>(table: Table, query: RowQuery): Promise<Partial<ScreenData>> {
    const window = await this.#source.rows<Table>({ ...query, table });
    return { windows: { ...this.#model.data.windows, [table]: window } };
  }

  /** The cursor stays on its anomaly when others come before it. */
  #take(data: ScreenData): void {
    let { state } = this.#model;
    const { lists } = state;
    const chosen = anomaliesOf(this.#model.data)[lists.anomalies.selected];
    if (data.overview !== this.#model.data.overview && chosen !== undefined && lists.anomalies.selected > 0) {
      const at = anomaliesOf(data).findIndex((one) => anomalyKey(one) === anomalyKey(chosen));
      if (at >= 0) state = { ...state, lists: { ...lists, anomalies: { ...lists.anomalies, selected: at } } };
    }
    this.#change(state, data);
  }

  #bodyRows(): number {
    return layoutOf(this.#model.state, tiledServices(this.#model.data).length)?.bodyRows ?? 1;
  }

  #promptKey(prompt: Prompt, key: string): void {
    const { state } = this.#model;
    const answer = promptKey(prompt, key);
    if (answer === "cancelled") this.#change(withFilter({ ...state, prompt: null }, prompt, prompt.before));
    else if (answer === "accepted") {
      this.#change({ ...state, prompt: null });
      if (prompt.kind !== "filter" && prompt.text.trim() !== "") void this.#writeFile(prompt.kind, prompt.text.trim());
    } else this.#change(withFilter({ ...state, prompt: answer }, answer, answer.text));
  }

  /** While a live session records, `w` ends the recording. */
  #endRecording(): boolean {
    if (this.#source.session()?.recording?.state !== "recording") return false;
    this.#source.stopRecording();
    this.#say("The recording has ended", true);
    return true;
  }

  async #writeFile(kind: "write" | "export", path: string): Promise<void> {
    try {
      if (kind === "export") await this.#source.exportReport(path, exportFormatOf(path));
      else await this.#source.writePackets(path);
      const what =
        kind === "export" ? "The report is in" : this.#source.kind === "live" ? "Recording to" : "The packets are in";
      this.#say(`${what} ${path}`, true);
    } catch (error) {
      this.#say(messageOf(error), false);
    }
  }

  #do(effect: Effect): void {
    switch (effect.kind) {
      case "quit":
        this.#options.quit();
        return;
      case "suspend":
        this.#options.suspend();
        return;
      case "copy":
        this.#options.copy(effect.text);
        this.#say(`Copied the ${effect.what}`, true);
        return;
      case "find-row": {
        const table = shownTable(this.#model.state);
        if (table !== null) void this.#findRow(table, effect.step);
        return;
      }
      default:
        effect satisfies never;
    }
  }

  /** Moves to the next row that is out of the ordinary, looking through rows of the same order and filter. */
  async #findRow<Table extends TableName>(table: Table, step: 1 | -1): Promise<void> {
    const { filter, sort, selected } = this.#model.state.tables[table];
    let next = selected + step;
    for (let searched = 0; searched < MAX_SEARCHED_ROWS && next >= 0; searched += SEARCHED_AT_ONCE) {
      const start = step > 0 ? next : Math.max(0, next - SEARCHED_AT_ONCE + 1);
      const count = step > 0 ? SEARCHED_AT_ONCE : next - start + 1;
      const { rows } = await this.#source.rows<Table>({ table, filter, sort, start, count });
      const inOrder = step > 0 ? rows : rows.toReversed();
      const found = inOrder.findIndex(({ row }) => TABLES[table].isNotable(row));
      if (this.#closed) return;
      if (found >= 0) {
        const at = next + step * found;
        this.#change(withTable(this.#model.state, table, { selected: at, follow: false }));
        this.#afterKey();
        return;
      }
      if (rows.length < count) next = -1;
      else next += step * count;
    }
    const none = step > 0 ? "No further row with a fault" : "No row with a fault before";
    this.#say(next < 0 ? none : `${none} among ${MAX_SEARCHED_ROWS} rows`, true);
  }

  #say(text: string, good: boolean): void {
    if (this.#messageTimer !== null) clearTimeout(this.#messageTimer);
    this.#change({ ...this.#model.state, message: { text, good } });
    this.#pacer.want("key");
    this.#messageTimer = setTimeout(() => {
      this.#change({ ...this.#model.state, message: null });
      this.#pacer.want("news");
    }, MESSAGE_MS);
  }
}

/** The filter applies as it is typed. */
function withFilter(state: UiState, prompt: Prompt, filter: string): UiState {
  if (prompt.kind !== "filter" || !isTable(state.view) || state.tables[state.view].filter === filter) return state;
  return withTable(state, state.view, { filter, selected: 0, top: 0 });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
