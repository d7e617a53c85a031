/** DNS transactions as they are told: views over the table of transactions, whose text is made when it is asked for. */
import { decodeDns, dnsRcode } from "../decode/dns.ts";
import { dnsClassText, dnsRcodeText, dnsTypeText } from "../decode/dns-codes.ts";
import { FlowField, type FlowTable } from "../flow/flow-table.ts";
import { DNS_CLIENT_WAIT_MS, PATIENT_TRIES } from "../report/waiting-times.ts";
import type { DnsTransactions } from "./dns.ts";
import { answerRecords } from "./dns-answers.ts";
import { DnsField, DnsFlag, RetryField } from "./dns-fields.ts";
import { wireNameText } from "./dns-question.ts";
import type { ObservedTime } from "./observed-time.ts";
import type { DnsAnswerRecord, DnsRecord, Records } from "./records.ts";
import { TransactionField } from "./transaction-table.ts";

/** An answer within this time is a quick one, far below every threshold of a rule, in nanoseconds. */
const QUICK_ANSWER_NS = 100e6;

/** All transactions, in order of first packet. */
export class DnsRows implements Records<DnsRecord> {
  readonly #transactions: DnsTransactions;
  readonly #flows: FlowTable;
  readonly #time: ObservedTime;
  /** Names as text, by their number in the pool. */
  readonly #names: string[] = [];

  constructor(transactions: DnsTransactions, flows: FlowTable, time: ObservedTime) {
    this.#transactions = transactions;
    this.#flows = flows;
    this.#time = time;
  }

  get length(): number {
    return this.#transactions.table.length;
  }

  at(index: number): DnsRecord | undefined {
    return index >= 0 && index < this.length ? this.#row(index) : undefined;
  }

  *[Symbol.iterator](): Iterator<DnsRecord> {
    for (let index = 0; index < this.length; index++) yield this.#row(index);
  }

  /** Transactions other than one query over UDP with one quick NOERROR answer of addresses alone, both captured whole. */
  notable(): DnsRecord[] {
    const notable: DnsRecord[] = [];
    for (let index = 0; index < this.length; index++) {
      if (!isOrdinary(this.#transactions, this.#transactions.table.idAt(index))) notable.push(this.#row(index));
    }
    return notable;
  }

  #row(index: number): DnsRecord {
    const id = this.#transactions.table.idAt(index);
    return new DnsRow(this.#transactions, this.#flows, this.#time, this.#names, id);
  }
}

/** Reads columns alone: it is asked for every transaction. */
function isOrdinary({ table }: DnsTransactions, id: number): boolean {
  const flags = table.int(id, DnsField.classAndFlags);
  const odd = DnsFlag.tcp | DnsFlag.unsolicited | DnsFlag.truncated | DnsFlag.cut | DnsFlag.otherRecords;
  return (
    (flags & (DnsFlag.answered | odd)) === DnsFlag.answered &&
    table.int(id, DnsField.answerLengthAndCode) >>> 16 === 0 &&
    table.int(id, DnsField.retries) === 0 &&
    table.double(id, DnsField.answeredNs) - table.double(id, DnsField.askedNs) <= QUICK_ANSWER_NS
  );
}

/** Whether an unanswered question may still be answered when the capture ends. */
export function isWaiting({ table }: DnsTransactions, id: number, endedNs: number): boolean {
  const tries = table.int(id, DnsField.retries) + 1;
  return tries < PATIENT_TRIES && endedNs - table.double(id, DnsField.lastAskedNs) < DNS_CLIENT_WAIT_MS * 1e6;
}

class DnsRow implements DnsRecord {
  readonly id: number;
  readonly #transactions: DnsTransactions;
  readonly #flows: FlowTable;
  readonly #time: ObservedTime;
  readonly #names: string[];

  constructor(transactions: DnsTransactions, flows: FlowTable, time: ObservedTime, names: string[], id: number) {
    this.#transactions = transactions;
    this.#flows = flows;
    this.#time = time;
    this.#names = names;
    this.id = id;
  }

  get flow(): number {
    return this.#int(TransactionField.flow);
  }

  get messageId(): number {
    return this.#int(DnsField.idAndType) & 0xffff;
  }

  get transport(): "udp" | "tcp" {
    return this.#has(DnsFlag.tcp) ? "tcp" : "udp";
  }

  get name(): string {
    const number = this.#int(DnsField.name);
    let name = this.#names[number];
    if (name === undefined) {
      const { view, start, end } = this.#transactions.nameRange(this.id);
      name = wireNameText(view, start, end);
      this.#names[number] = name;
    }
    return name;
  }

  get type(): string {
    return dnsTypeText(this.#int(DnsField.idAndType) >>> 16);
  }

  get class(): string {
    return dnsClassText(this.#int(DnsField.classAndFlags) & 0xffff);
  }

  get vmAddress(): string {
    return this.#flows.vmAddressText(this.flow);
  }

  get vmPort(): number {
    return this.#flows.int(this.flow, FlowField.vmPort);
  }

  get askedNs(): number {
    return this.#transactions.table.double(this.id, DnsField.askedNs);
  }

  get answeredNs(): number | null {
    return this.#has(DnsFlag.answered) ? this.#transactions.table.double(this.id, DnsField.answeredNs) : null;
  }

  get responseMs(): number | null {
    const { answeredNs } = this;
    return answeredNs === null || this.#has(DnsFlag.unsolicited) ? null : (answeredNs - this.askedNs) / 1e6;
  }

  get outcome(): "answered" | "unanswered" | "unsolicited" {
    if (this.#has(DnsFlag.unsolicited)) return "unsolicited";
    return this.#has(DnsFlag.answered) ? "answered" : "unanswered";
  }

  get rcode(): string | null {
    if (!this.#has(DnsFlag.answered)) return null;
    const kept = this.#keptAnswer();
    const extended = kept === null ? null : dnsRcode(decodeDns(kept.view, kept.start, kept.end));
    return extended ?? dnsRcodeText(this.#int(DnsField.answerLengthAndCode) >>> 16);
  }

  get truncated(): boolean {
    return this.#has(DnsFlag.truncated);
  }

  get answeredAgain(): boolean {
    return this.#has(DnsFlag.answeredAgain);
  }

  get retries(): number {
    return this.#int(DnsField.retries);
  }

  get pendingAtEnd(): boolean {
    if (this.#has(DnsFlag.answered) || this.#time.endedNs === null) return false;
    return isWaiting(this.#transactions, this.id, this.#time.endedNs);
  }

  get answers(): readonly DnsAnswerRecord[] {
    const kept = this.#keptAnswer();
    return kept === null ? [] : answerRecords(kept.view, kept.start, kept.end);
  }

  get queryPackets(): readonly number[] {
    if (this.#has(DnsFlag.unsolicited)) return [];
    const packets: number[] = [];
    const { retries } = this.#transactions;
    for (let retry = this.#int(DnsField.firstRetry) - 1; retry >= 0; retry = this.#transactions.nextRetry(retry)) {
      packets.push(retries.int(retry, RetryField.packet));
    }
    packets.push(this.#int(TransactionField.firstPacket));
    return packets.reverse().filter((packet) => packet >= 0);
  }

  get answerPacket(): number | null {
    const packet = this.#int(DnsField.answerPacket);
    return packet < 0 ? null : packet;
  }

  get tcpFallback(): number | null {
    const id = this.#int(DnsField.fallback) - 1;
    return this.#transactions.table.holds(id) ? id : null;
  }

  get cutByCapture(): boolean {
    return this.#has(DnsFlag.cut);
  }

  #int(field: number): number {
    return this.#transactions.table.int(this.id, field);
  }

  #has(flag: number): boolean {
    return (this.#int(DnsField.classAndFlags) & flag) !== 0;
  }

  #keptAnswer(): { view: DataView; start: number; end: number } | null {
    const place = this.#int(DnsField.answerPlace) - 1;
    if (place < 0) return null;
    const { answers } = this.#transactions;
    const start = answers.startIn(place);
    return { view: answers.viewOf(place), start, end: start + (this.#int(DnsField.answerLengthAndCode) & 0xffff) };
  }
}
