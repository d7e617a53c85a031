/**
 * DNS questions with their retries and answers, over UDP and TCP (RFC 1035). An answer belongs to the query with its flow, identifier and
 * question. A query is a retry of an unanswered one when the VM asks the same question over the same transport within RETRY_WINDOW_NS:
 * with the same port and identifier (glibc, dig), or with new ones once RETRY_DISTANCE_NS has passed (systemd-resolved, Windows).
 * Two programs that ask the same at once are two transactions.
 */
import { BytePool } from "../bytes/byte-pool.ts";
import { removeWhere } from "../bytes/remove-where.ts";
import { NO_TEXT, TextPool } from "../bytes/text-pool.ts";
import { decodeDns } from "../decode/dns.ts";
import { DNS_HEADER_BYTES } from "../decode/dns-name.ts";
import { isSoundDns } from "../decode/dns-soundness.ts";
import type { MalformedTally } from "../decode/malformed.ts";
import { FlowField, type FlowTable } from "../flow/flow-table.ts";
import type { PacketTableBound } from "../flow/packet-table.ts";
import { RowTable } from "../flow/row-table.ts";
import {
  MAX_DNS_ANSWER_BYTES,
  MAX_DNS_MISMATCHES,
  MAX_DNS_RETRIES,
  MAX_KEPT_RANGE_BYTES,
  MAX_OUTSTANDING_QUERIES,
} from "../limits.ts";
import { hasAddressesAlone, needsItsRecords, sameAnswers } from "./dns-answers.ts";
import { EarlyAnswers } from "./dns-early-answers.ts";
import { DNS_BYTES, DnsField, DnsFlag, RETRY_BYTES, RetryField } from "./dns-fields.ts";
import { OutstandingQueries } from "./dns-outstanding.ts";
import { DnsQuestion } from "./dns-question.ts";
import type { DnsMismatchRecord } from "./records.ts";
import { TransactionField, TransactionTable } from "./transaction-table.ts";

/** From a question's first query: an unanswered question that is asked again later is a new one. Windows' last retry comes after 11 s. */
const RETRY_WINDOW_NS = 30e9;
/** A query with another port or identifier is a retry when the last one has waited this long: stub resolvers wait a second or more. */
const RETRY_DISTANCE_NS = 500e6;
/** After the capture's start: an answer without a query may be to one that was asked before it. */
const UNSEEN_QUERY_NS = 30e9;

/** Answers that fit no query, among which one is looked for whose query comes late. */
const LATEST_MISMATCHES = 64;

/** Questions that are remembered by what they ask, a power of two: of two in one place the later stays. */
const RECENT_QUESTIONS = 1 << 14;

const RESPONSE = 0x8000;
const TRUNCATED = 0x0200;

export class DnsTransactions {
  readonly table: TransactionTable;
  readonly retries: RowTable = new RowTable(RETRY_BYTES, MAX_DNS_RETRIES);
  /** Wire forms of names. */
  readonly names: TextPool = new TextPool();
  readonly answers: BytePool = new BytePool(MAX_DNS_ANSWER_BYTES);
  readonly mismatches: DnsMismatchRecord[] = [];
  /** Messages that were too short, or went in the wrong direction, to tell anything. */
  notDecoded = 0;
  /** Answers that fit no query, and further queries, that were not kept because too many were. */
  mismatchesNotKept = 0;
  retriesNotKept = 0;
  /** Queries that were no longer waited for because too many were. */
  outstandingDropped = 0;
  /** Called for a transaction of a flow that goes on, before it is forgotten. */
  onForget: (id: number) => void = () => {};
  readonly #flows: FlowTable;
  readonly #malformed: MalformedTally;
  readonly outstanding: OutstandingQueries;
  /** No transaction before this one is waited for. */
  #oldestOutstanding = 0;
  readonly #recent: Int32Array = new Int32Array(RECENT_QUESTIONS);
  readonly #question: DnsQuestion = new DnsQuestion();
  readonly #early: EarlyAnswers;
  #firstNs: number | null = null;
  /** Set by the last look-up: a query with the flow and identifier, but another question. */
  #otherQuestion = -1;

  constructor(flows: FlowTable, maxTransactions: number, bound: PacketTableBound, malformed: MalformedTally) {
    this.#flows = flows;
    this.#malformed = malformed;
    this.table = new TransactionTable(DNS_BYTES, maxTransactions, bound, flows);
    this.outstanding = new OutstandingQueries(this.table, this.retries);
    this.#early = new EarlyAnswers(this.table);
    this.table.onForget = (id) => {
      this.onForget(id);
      this.#letGo(id);
    };
  }

  /** One message, as far as it was captured: `view[start, end)` without TCP's length. */
  message(
    flow: number,
    tcp: boolean,
    toPlatform: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    end: number,
    whole: boolean,
  ): void {
    this.#firstNs ??= atNs;
    if (end - start < DNS_HEADER_BYTES) {
      this.notDecoded++;
      if (whole) this.#malformed.noteCode("dns-cut", "dns", packet);
      return;
    }
    const flags = view.getUint16(start + 2);
    if (((flags & RESPONSE) === 0) !== toPlatform) {
      this.notDecoded++;
      return;
    }
    this.#question.read(view, start, end);
    if (whole && !this.#isPlain(view, start) && !isSoundDns(view, start, end)) {
      this.#noteMalformed(packet, view, start, end);
    }
    if (toPlatform && whole && !this.#question.whole) {
      this.notDecoded++; // no resolver sent this: a test by hand or a traceroute to the port
      return;
    }
    if (toPlatform) this.#query(flow, tcp, packet, atNs, view, start, whole);
    else this.#answer(flow, tcp, packet, atNs, view, start, end, whole);
  }

  /** The flow's row will be used for another. */
  released(flow: number): void {
    for (let id = this.table.firstOf(flow); id >= 0; id = this.table.nextOf(id)) this.#letGo(id);
    this.table.releaseFlow(flow);
    removeWhere(this.mismatches, (mismatch) => mismatch.flow === flow);
  }

  /** Forgets transactions that were asked before `beforeNs`, but for the latest `least`, and the answers of all that are no longer told. */
  letGoBefore(beforeNs: number, least: number): void {
    const { table, answers } = this;
    table.forgetWhile((id) => table.double(id, DnsField.askedNs) < beforeNs, least);
    answers.keepOnly(this.#answerPlaces());
  }

  *#answerPlaces(): Iterable<number> {
    const { table } = this;
    for (let id = table.first; id < table.count; id++) {
      if (table.int(id, TransactionField.flow) < 0) continue;
      const place = table.int(id, DnsField.answerPlace) - 1;
      if (place >= 0) yield place;
    }
  }

  /** Wire form of a transaction's name: `view[start, end)`. */
  nameRange(id: number): { view: DataView; start: number; end: number } {
    const name = this.table.int(id, DnsField.name);
    return { view: this.names.view, start: this.names.startOf(name), end: this.names.endOf(name) };
  }

  /** Whether the message is one sound question and nothing else, which needs no closer look. */
  #isPlain(view: DataView, start: number): boolean {
    const isOne = view.getUint16(start + 4) === 1 && this.#question.whole;
    return isOne && view.getUint32(start + 6) === 0 && view.getUint16(start + 10) === 0;
  }

  #noteMalformed(packet: number, view: DataView, start: number, end: number): void {
    const { problem } = decodeDns(view, start, end, "udp-length");
    if (problem !== null) this.#malformed.noteProblem(problem, packet);
  }

  #query(
    flow: number,
    tcp: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    whole: boolean,
  ): void {
    const messageId = view.getUint16(start);
    const transport = tcp ? DnsFlag.tcp : 0;
    const same = this.#find(flow, messageId);
    if (same !== 0) {
      const id = this.outstanding.transactionOf(same);
      if (atNs - this.table.double(id, DnsField.askedNs) <= RETRY_WINDOW_NS) {
        this.#retry(id, flow, messageId, packet, atNs);
        return;
      }
      this.outstanding.remove(flow, messageId, same);
    }
    const slot = this.#recentSlot(flow);
    const early = this.#early.find(flow, messageId, atNs);
    if (early >= 0 && this.#hasQuestion(early)) {
      this.#completeEarly(early, packet, atNs);
      this.#recent[slot] = early + 1;
      return;
    }
    const earlier = this.#recentTransaction(slot, flow);
    if (earlier >= 0 && this.#isRetried(earlier, transport, atNs)) {
      const retry = this.#retry(earlier, flow, messageId, packet, atNs);
      if (retry >= 0) this.#insert(flow, messageId, -(retry + 1));
      return;
    }
    const id = this.#add(flow, messageId, packet, atNs, view, transport | (whole ? 0 : DnsFlag.cut));
    if (id < 0) return;
    if (tcp && earlier >= 0) this.#linkFallback(earlier, id, atNs);
    this.#insert(flow, messageId, id + 1);
    this.#recent[slot] = id + 1;
  }

  #answer(
    flow: number,
    tcp: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    end: number,
    whole: boolean,
  ): void {
    const messageId = view.getUint16(start);
    const reference = this.#find(flow, messageId);
    if (reference === 0) {
      this.#answerWithoutQuery(flow, tcp, packet, atNs, view, start, end, whole);
      return;
    }
    const id = this.outstanding.transactionOf(reference);
    this.outstanding.remove(flow, messageId, reference);
    if (this.#has(id, DnsFlag.answered)) {
      this.#flag(id, DnsFlag.answeredAgain); // another try was answered before
      return;
    }
    this.#fillAnswer(id, packet, atNs, view, start, end, whole);
  }

  /** A transaction with the question that was read last; -1 when it is not kept. */
  #add(flow: number, messageId: number, packet: number, atNs: number, source: DataView, flags: number): number {
    const id = this.table.add(flow, packet);
    if (id < 0) return -1;
    const question = this.#question;
    const view = this.table.view(id);
    const at = this.table.at(id);
    const name = question.present ? this.names.intern(source, question.nameStart, question.nameEnd) : NO_TEXT;
    view.setFloat64(at + DnsField.askedNs, atNs, true);
    view.setFloat64(at + DnsField.lastAskedNs, atNs, true);
    view.setInt32(at + DnsField.idAndType, messageId | (question.type << 16), true);
    view.setInt32(at + DnsField.classAndFlags, question.class | flags | (question.whole ? 0 : DnsFlag.cut), true);
    view.setInt32(at + DnsField.name, name, true);
    view.setInt32(at + DnsField.answerPacket, -1, true);
    view.setInt32(at + DnsField.questionHash, question.hash, true);
    return id;
  }

  #fillAnswer(
    id: number,
    packet: number,
    atNs: number,
    source: DataView,
    start: number,
    end: number,
    whole: boolean,
  ): void {
    const flags = source.getUint16(start + 2);
    const view = this.table.view(id);
    const at = this.table.at(id);
    const kept = needsItsRecords(source, start, end) ? this.answers.add(source, start, end) : -1;
    const length = kept < 0 ? 0 : Math.min(end - start, MAX_KEPT_RANGE_BYTES);
    // A clock, or a capture of several queues, may give the answer an earlier time than the query.
    view.setFloat64(at + DnsField.answeredNs, Math.max(atNs, view.getFloat64(at + DnsField.askedNs, true)), true);
    view.setInt32(at + DnsField.answerPacket, packet, true);
    view.setInt32(at + DnsField.answerPlace, kept + 1, true);
    view.setInt32(at + DnsField.answerLengthAndCode, length | ((flags & 15) << 16), true);
    let noted = DnsFlag.answered | (whole ? 0 : DnsFlag.cut);
    if ((flags & TRUNCATED) !== 0) noted |= DnsFlag.truncated;
    if (!hasAddressesAlone(source, start, end, this.#question)) noted |= DnsFlag.otherRecords;
    this.#flag(id, noted);
  }

  /** Says what an answer is that no query waits for: a second one, one that does not fit, or one to a query that was not captured. */
  #answerWithoutQuery(
    flow: number,
    tcp: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    end: number,
    whole: boolean,
  ): void {
    const messageId = view.getUint16(start);
    const other = this.#otherQuestion;
    const recent = this.#recentTransaction(this.#recentSlot(flow), flow);
    if (recent >= 0 && this.#isOf(recent, flow, messageId)) {
      this.#flag(recent, DnsFlag.answeredAgain);
      if (this.#differs(recent, view, start, end)) this.#mismatch(packet, flow, "different-second-answer", recent);
      return;
    }
    const unseenBefore = atNs - (this.#firstNs ?? atNs) <= UNSEEN_QUERY_NS;
    const id = this.#add(flow, messageId, packet, atNs, view, DnsFlag.unsolicited | (tcp ? DnsFlag.tcp : 0));
    if (id >= 0) {
      this.#fillAnswer(id, packet, atNs, view, start, end, whole);
      this.#early.note(id, flow, messageId);
    }
    if (other >= 0) this.#mismatch(packet, flow, "other-question", other);
    else if (recent >= 0 && !this.#has(recent, DnsFlag.unsolicited)) {
      const sameFlow = this.table.int(recent, TransactionField.flow) === flow;
      this.#mismatch(packet, flow, sameFlow ? "other-id" : "no-query", recent);
    } else if (!unseenBefore) this.#mismatch(packet, flow, "no-query", -1);
  }

  /** The query comes behind its answer, which is then no odd one. Whichever has the earlier time, the wait was not negative. */
  #completeEarly(id: number, packet: number, atNs: number): void {
    const { table } = this;
    const askedNs = Math.min(atNs, table.double(id, DnsField.answeredNs));
    table.setDouble(id, DnsField.askedNs, askedNs);
    table.setDouble(id, DnsField.lastAskedNs, askedNs);
    table.setInt(id, TransactionField.firstPacket, packet);
    table.setInt(id, DnsField.classAndFlags, table.int(id, DnsField.classAndFlags) & ~DnsFlag.unsolicited);
    this.#takeBackMismatch(table.int(id, DnsField.answerPacket));
  }

  /** It is one of the latest, which are in order of their packets. */
  #takeBackMismatch(packet: number): void {
    const { mismatches } = this;
    const least = Math.max(0, mismatches.length - LATEST_MISMATCHES);
    for (let place = mismatches.length - 1; packet >= 0 && place >= least; place--) {
      if (mismatches[place]?.packet !== packet) continue;
      mismatches.splice(place, 1);
      return;
    }
  }

  /** A second answer differs when it says something else to the only query: records may come in another order, with less time to live. */
  #differs(id: number, view: DataView, start: number, end: number): boolean {
    if (this.table.int(id, DnsField.retries) > 0) return false;
    const lengthAndCode = this.table.int(id, DnsField.answerLengthAndCode);
    if (lengthAndCode >>> 16 !== (view.getUint16(start + 2) & 15)) return true;
    const place = this.table.int(id, DnsField.answerPlace) - 1;
    if (place < 0) return view.getUint16(start + 6) > 0;
    const from = this.answers.startIn(place);
    return !sameAnswers(this.answers.viewOf(place), from, from + (lengthAndCode & 0xffff), view, start, end);
  }

  #mismatch(packet: number, flow: number, reason: DnsMismatchRecord["reason"], related: number): void {
    if (this.mismatches.length >= MAX_DNS_MISMATCHES) {
      this.mismatchesNotKept++;
      return;
    }
    const answered = reason === "different-second-answer";
    const relatedPacket =
      related < 0 ? null : this.table.int(related, answered ? DnsField.answerPacket : TransactionField.firstPacket);
    this.mismatches.push({ packet, flow, reason, name: this.#question.text(), relatedPacket });
  }

  /** Notes a further query of a transaction; -1 when there is no room for it. */
  #retry(id: number, flow: number, messageId: number, packet: number, atNs: number): number {
    const view = this.table.view(id);
    const at = this.table.at(id);
    const hasWaited = atNs - view.getFloat64(at + DnsField.lastAskedNs, true) >= RETRY_DISTANCE_NS;
    if (hasWaited && (view.getInt32(at + DnsField.idAndType, true) & 0xffff) === messageId)
      this.#flag(id, DnsFlag.repeated);
    view.setFloat64(at + DnsField.lastAskedNs, atNs, true);
    view.setInt32(at + DnsField.retries, view.getInt32(at + DnsField.retries, true) + 1, true);
    const retry = this.retries.add();
    if (retry < 0) {
      this.retriesNotKept++;
      return -1;
    }
    this.retries.setInt(retry, RetryField.packet, packet);
    this.retries.setInt(retry, RetryField.transaction, id);
    this.retries.setInt(retry, RetryField.flow, flow);
    this.retries.setInt(retry, RetryField.messageId, messageId);
    const first = view.getInt32(at + DnsField.firstRetry, true);
    this.retries.setInt(retry, RetryField.next, first); // newest first: the order is turned when they are told
    view.setInt32(at + DnsField.firstRetry, retry + 1, true);
    return retry;
  }

  /** Whether the question that was read last, asked now with another port or identifier, is this one asked again. */
  #isRetried(id: number, transport: number, atNs: number): boolean {
    const flags = this.table.int(id, DnsField.classAndFlags);
    return (
      (flags & (DnsFlag.tcp | DnsFlag.answered | DnsFlag.unsolicited)) === transport &&
      atNs - this.table.double(id, DnsField.askedNs) <= RETRY_WINDOW_NS &&
      atNs - this.table.double(id, DnsField.lastAskedNs) >= RETRY_DISTANCE_NS
    );
  }

  #linkFallback(earlier: number, id: number, atNs: number): void {
    const wanted = DnsFlag.answered | DnsFlag.truncated;
    const flags = this.table.int(earlier, DnsField.classAndFlags);
    if ((flags & (wanted | DnsFlag.tcp)) !== wanted) return;
    if (atNs - this.table.double(earlier, DnsField.answeredNs) > RETRY_WINDOW_NS) return;
    if (this.table.int(earlier, DnsField.fallback) === 0) this.table.setInt(earlier, DnsField.fallback, id + 1);
  }

  #recentSlot(flow: number): number {
    const address = this.#flows.int(flow, FlowField.vmAddress + 12);
    const hash = Math.imul(this.#question.hash ^ address, 0x9e3779b1);
    return (hash ^ (hash >>> 15)) & (RECENT_QUESTIONS - 1);
  }

  /** The last transaction in that slot if it is of the same VM address and question; -1 otherwise. */
  #recentTransaction(slot: number, flow: number): number {
    const id = (this.#recent[slot] ?? 0) - 1;
    if (!this.table.holds(id) || !this.#hasQuestion(id)) return -1;
    const other = this.table.int(id, TransactionField.flow);
    return other >= 0 && this.#flows.haveOneVmAddress(other, flow) ? id : -1;
  }

  /** Whether a transaction asks what was read last. A question that is not there, or was cut, fits every one that it may be. */
  #hasQuestion(id: number): boolean {
    const question = this.#question;
    if (!question.present) return true;
    const cut = !question.whole || this.#has(id, DnsFlag.cut);
    if (!cut && this.table.int(id, DnsField.questionHash) !== question.hash) return false;
    if (!cut && this.table.int(id, DnsField.idAndType) >>> 16 !== question.type) return false;
    const name = this.table.int(id, DnsField.name);
    return question.hasName(this.names.view, this.names.startOf(name), this.names.endOf(name));
  }

  #isOf(id: number, flow: number, messageId: number): boolean {
    return (
      this.table.int(id, TransactionField.flow) === flow &&
      (this.table.int(id, DnsField.idAndType) & 0xffff) === messageId &&
      this.#has(id, DnsFlag.answered)
    );
  }

  #has(id: number, flag: number): boolean {
    return (this.table.int(id, DnsField.classAndFlags) & flag) !== 0;
  }

  #flag(id: number, flags: number): void {
    this.table.setInt(id, DnsField.classAndFlags, this.table.int(id, DnsField.classAndFlags) | flags);
  }

  /** The outstanding query with that flow and identifier and the question that was read last; 0 without. */
  #find(flow: number, messageId: number): number {
    const { outstanding } = this;
    this.#otherQuestion = -1;
    let reference = outstanding.first(flow, messageId);
    while (reference !== 0) {
      const id = outstanding.transactionOf(reference);
      if (this.#hasQuestion(id)) return reference;
      this.#otherQuestion = id;
      reference = outstanding.next(reference, flow, messageId);
    }
    return 0;
  }

  /** Waits for the answer to a query. Over the bound the oldest questions are given up. */
  #insert(flow: number, messageId: number, reference: number): void {
    this.outstanding.insert(flow, messageId, reference);
    while (this.outstanding.count > MAX_OUTSTANDING_QUERIES && this.#oldestOutstanding < this.table.count) {
      const oldest = Math.max(this.#oldestOutstanding, this.table.first);
      this.#oldestOutstanding = oldest + 1;
      if (!this.#has(oldest, DnsFlag.answered | DnsFlag.unsolicited)) this.outstandingDropped++;
      this.#stopWaiting(oldest);
    }
  }

  /** No answer to any query of this transaction is waited for any more. */
  #stopWaiting(id: number): void {
    const flow = this.table.int(id, TransactionField.flow);
    this.outstanding.remove(flow, this.table.int(id, DnsField.idAndType) & 0xffff, id + 1);
    for (let retry = this.table.int(id, DnsField.firstRetry) - 1; retry >= 0; retry = this.nextRetry(retry)) {
      this.outstanding.remove(
        this.retries.int(retry, RetryField.flow),
        this.retries.int(retry, RetryField.messageId),
        -retry - 1,
      );
    }
  }

  /** The query before this one of the same transaction; -1 when that is its first. */
  nextRetry(retry: number): number {
    return this.retries.int(retry, RetryField.next) - 1;
  }

  /** The transaction leaves the table. */
  #letGo(id: number): void {
    if (this.table.int(id, TransactionField.flow) < 0) return;
    this.#stopWaiting(id);
    let retry = this.table.int(id, DnsField.firstRetry) - 1;
    while (retry >= 0) {
      const next = this.nextRetry(retry);
      this.retries.release(retry);
      retry = next;
    }
    this.table.setInt(id, DnsField.firstRetry, 0);
  }
}
