/** HTTP exchanges as they are told: views over the table of exchanges, whose text is made when it is asked for. */
import { FlowField, type FlowTable } from "../flow/flow-table.ts";
import type { HealthReport, ServiceName } from "../report/report.ts";
import { type HttpExchanges, HttpField, HttpFlag, responseMsOf, SECRETS_SHIFT } from "./http-exchanges.ts";
import { SECRET_NAMES } from "./http-head.ts";
import { serviceName } from "./platform.ts";
import type { HttpRecord, Records } from "./records.ts";
import { TransactionField } from "./transaction-table.ts";

/** An answer within this time is a quick one, far below every threshold of a rule, in nanoseconds. */
const QUICK_ANSWER_NS = 100e6;

/** All exchanges, in order of first packet. */
export class HttpRows implements Records<HttpRecord> {
  readonly #exchanges: HttpExchanges;
  readonly #flows: FlowTable;

  constructor(exchanges: HttpExchanges, flows: FlowTable) {
    this.#exchanges = exchanges;
    this.#flows = flows;
  }

  get length(): number {
    return this.#exchanges.table.length;
  }

  at(index: number): HttpRecord | undefined {
    return index >= 0 && index < this.length ? this.row(this.#exchanges.table.idAt(index)) : undefined;
  }

  /** The exchange with this id, which must be held. */
  row(id: number): HttpRecord {
    return new HttpRow(this.#exchanges, this.#flows, id);
  }

  *[Symbol.iterator](): Iterator<HttpRecord> {
    for (let index = 0; index < this.length; index++) yield this.row(this.#exchanges.table.idAt(index));
  }

  /** Exchanges whose user agent `pick` knows, with what it answers; each different agent is asked about once. */
  *withUserAgent<Answer>(
    pick: (userAgent: string) => Answer | null,
  ): Iterable<{ readonly record: HttpRecord; readonly answer: Answer }> {
    const { table, texts } = this.#exchanges;
    const known = new Map<number, Answer | null>();
    let lastAgent = -1;
    let answer: Answer | null = null;
    for (let index = 0; index < this.length; index++) {
      const id = table.idAt(index);
      const agent = table.int(id, HttpField.userAgent);
      // One agent's requests come one after the other.
      if (agent !== lastAgent) {
        if (!known.has(agent)) known.set(agent, pick(texts.text(agent) ?? ""));
        answer = known.get(agent) ?? null;
        lastAgent = agent;
      }
      if (answer !== null) yield { record: this.row(id), answer };
    }
  }

  /** Exchanges other than a request with a quick 2xx or 304 answer, both captured whole; and those with secrets or a health report. */
  notable(): HttpRecord[] {
    const notable: HttpRecord[] = [];
    for (let index = 0; index < this.length; index++) {
      const id = this.#exchanges.table.idAt(index);
      if (!isOrdinary(this.#exchanges, id)) notable.push(this.row(id));
    }
    return notable;
  }
}

/** Reads columns alone: it is asked for every exchange. */
function isOrdinary({ table }: HttpExchanges, id: number): boolean {
  const whole = HttpFlag.request | HttpFlag.requestEnded | HttpFlag.response | HttpFlag.responseEnded;
  const flags = table.int(id, HttpField.flags);
  const status = table.int(id, HttpField.status);
  return (
    (flags & (whole | HttpFlag.cut | HttpFlag.proxyForm)) === whole &&
    flags >>> SECRETS_SHIFT === 0 &&
    table.int(id, HttpField.health) === 0 &&
    ((status >= 200 && status < 300) || status === 304) &&
    table.double(id, HttpField.respondedNs) - table.double(id, HttpField.requestEndedNs) <= QUICK_ANSWER_NS
  );
}

class HttpRow implements HttpRecord {
  readonly id: number;
  readonly #exchanges: HttpExchanges;
  readonly #flows: FlowTable;

  constructor(exchanges: HttpExchanges, flows: FlowTable, id: number) {
    this.#exchanges = exchanges;
    this.#flows = flows;
    this.id = id;
  }

  get flow(): number {
    return this.#int(TransactionField.flow);
  }

  get service(): ServiceName {
    return serviceName(this.#flows.int(this.flow, FlowField.service));
  }

  get method(): string | null {
    return this.#text(HttpField.method);
  }

  get target(): string | null {
    return this.#text(HttpField.target);
  }

  get host(): string | null {
    return this.#text(HttpField.host);
  }

  get userAgent(): string | null {
    return this.#text(HttpField.userAgent);
  }

  get agent(): string | null {
    return this.#text(HttpField.agent) ?? this.userAgent?.split(/[\s/]/, 1)[0] ?? null;
  }

  get operation(): string | null {
    return this.#exchanges.operations[this.#int(HttpField.operation) - 1]?.name ?? null;
  }

  get requestedNs(): number | null {
    return this.#when(HttpFlag.request, HttpField.requestedNs);
  }

  get requestEndedNs(): number | null {
    return this.#when(HttpFlag.requestEnded, HttpField.requestEndedNs);
  }

  get respondedNs(): number | null {
    return this.#when(HttpFlag.response, HttpField.respondedNs);
  }

  get responseEndedNs(): number | null {
    return this.#when(HttpFlag.responseEnded, HttpField.responseEndedNs);
  }

  get status(): number | null {
    return this.#has(HttpFlag.response) ? this.#int(HttpField.status) : null;
  }

  get responseMs(): number | null {
    return responseMsOf(this.#exchanges.table, this.id);
  }

  get requestBytes(): number | null {
    return this.#when(HttpFlag.requestEnded, HttpField.requestBytes);
  }

  get responseBytes(): number | null {
    return this.#when(HttpFlag.responseEnded, HttpField.responseBytes);
  }

  get health(): HealthReport | null {
    return this.#exchanges.healthReports[this.#int(HttpField.health) - 1] ?? null;
  }

  get incarnation(): string | null {
    return this.#text(HttpField.incarnation);
  }

  get errorCode(): string | null {
    return this.#text(HttpField.errorCode);
  }

  get secrets(): readonly string[] {
    const bits = this.#int(HttpField.flags) >>> SECRETS_SHIFT;
    return bits === 0 ? [] : SECRET_NAMES.filter((_, index) => (bits & (1 << index)) !== 0);
  }

  get cutByCapture(): boolean {
    return this.#has(HttpFlag.cut);
  }

  get answerLost(): boolean {
    return this.#has(HttpFlag.answerLost);
  }

  get completed(): boolean {
    return this.#has(HttpFlag.responseEnded);
  }

  get proxyForm(): boolean {
    return this.#has(HttpFlag.proxyForm);
  }

  get requestPacket(): number | null {
    return this.#packet(HttpFlag.request, HttpField.requestPacket);
  }

  get requestLastPacket(): number | null {
    return this.#packet(HttpFlag.request, HttpField.requestLastPacket);
  }

  get responsePacket(): number | null {
    return this.#packet(HttpFlag.response, HttpField.responsePacket);
  }

  get responseLastPacket(): number | null {
    return this.#packet(HttpFlag.response, HttpField.responseLastPacket);
  }

  #int(field: number): number {
    return this.#exchanges.table.int(this.id, field);
  }

  #has(flag: number): boolean {
    return (this.#int(HttpField.flags) & flag) !== 0;
  }

  #when(flag: number, field: number): number | null {
    return this.#has(flag) ? this.#exchanges.table.double(this.id, field) : null;
  }

  #packet(flag: number, field: number): number | null {
    const packet = this.#has(flag) ? this.#int(field) : -1;
    return packet < 0 ? null : packet;
  }

  #text(field: number): string | null {
    return this.#exchanges.texts.text(this.#int(field));
  }
}
