/**
 * HTTP/1.x exchanges on put-together streams: requests and responses of one connection paired in order, with their times, sizes and what
 * matters of their heads and bodies. One row an exchange; text is made when a row is read.
 */
import type { ByteBudget } from "../bytes/byte-budget.ts";
import { NO_TEXT, type TextPool } from "../bytes/text-pool.ts";
import { readErrorBody, readHealthReport } from "../decode/agent-bodies.ts";
import { BodyPrefix } from "../decode/body-prefix.ts";
import type { MalformedTally } from "../decode/malformed.ts";
import type { ProblemCode } from "../decode/problem.ts";
import { FlowField, type FlowTable, Initiator } from "../flow/flow-table.ts";
import type { PacketTableBound } from "../flow/packet-table.ts";
import { MAX_HEALTH_REPORTS, MAX_PIPELINED_REQUESTS } from "../limits.ts";
import type { HealthReport } from "../report/report.ts";
import { GrowingInts } from "./growing-ints.ts";
import { hostgaPluginOperation } from "./hostga-plugin.ts";
import { type HttpHead, indexOfIgnoreCase, MethodKind, Secret } from "./http-head.ts";
import { BodyRule, MessageEnd, MessageReader, type MessageSink } from "./http-message-reader.ts";
import { internTarget } from "./http-target.ts";
import { internIncarnation } from "./incarnation.ts";
import { BodyUse, type Operation } from "./operation.ts";
import { ServiceCode } from "./platform.ts";
import { TransactionTable } from "./transaction-table.ts";
import { wireserverOperation } from "./wireserver.ts";

/** Byte offsets of an exchange's fields, after those of `TransactionField`. Doubles: those that end in `Ns` or `Bytes`. Texts are numbers in the text pool. */
export const HttpField = {
  requestedNs: 16,
  requestEndedNs: 24,
  respondedNs: 32,
  responseEndedNs: 40,
  requestBytes: 48,
  responseBytes: 56,
  /** `HttpFlag` bits in the low 16 bits, `Secret` bits above them. */
  flags: 64,
  status: 68,
  method: 72,
  target: 76,
  host: 80,
  userAgent: 84,
  agent: 88,
  /** Index in the operations, plus one; 0 for none. */
  operation: 92,
  incarnation: 96,
  errorCode: 100,
  /** Index in the health reports, plus one; 0 for none. */
  health: 104,
  requestPacket: 108,
  requestLastPacket: 112,
  responsePacket: 116,
  responseLastPacket: 120,
  /** The next exchange of the connection that waits for its answer, plus one. */
  nextWaiting: 124,
} as const;

const HTTP_BYTES = 128;

/** Bits of `HttpField.flags`. */
export const HttpFlag = {
  request: 1,
  requestEnded: 2,
  response: 4,
  responseEnded: 8,
  cut: 16,
  proxyForm: 32,
  isHead: 64,
  isConnect: 128,
  /** Bytes were not captured where its answer may have been. */
  answerLost: 256,
} as const;
export const SECRETS_SHIFT = 16;

/** A server may answer before the request is whole: that took no time at all. Null without an answer, or when the request's end is unknown. */
export function responseMsOf(table: TransactionTable, id: number): number | null {
  const timed = HttpFlag.requestEnded | HttpFlag.response;
  if ((table.int(id, HttpField.flags) & timed) !== timed) return null;
  return Math.max(0, table.double(id, HttpField.respondedNs) - table.double(id, HttpField.requestEndedNs)) / 1e6;
}

/** What stands between the two directions of a connection. */
class Connection {
  readonly requests: MessageReader;
  readonly responses: MessageReader;
  flow = -1;
  /** Exchanges that wait for their answer, oldest first; -1 when none does. */
  firstWaiting = -1;
  lastWaiting = -1;
  waiting = 0;
  /** Directions that were closed: 1 the requests', 2 the responses'. */
  closed = 0;

  constructor(slot: number, budget: ByteBudget) {
    this.requests = new MessageReader(slot, true, budget);
    this.responses = new MessageReader(slot, false, budget);
  }

  open(flow: number): void {
    this.flow = flow;
    this.firstWaiting = -1;
    this.lastWaiting = -1;
    this.waiting = 0;
    this.closed = 0;
    this.requests.reset();
    this.responses.reset();
  }
}

export class HttpExchanges implements MessageSink {
  readonly table: TransactionTable;
  readonly texts: TextPool;
  readonly operations: Operation[] = [];
  readonly healthReports: HealthReport[] = [];
  /** Requests that were no longer waited for because too many were, and health reports whose text was not kept. */
  pipelinedDropped = 0;
  healthReportsNotKept = 0;
  readonly #flows: FlowTable;
  readonly #budget: ByteBudget;
  readonly #malformed: MalformedTally;
  readonly #connections: Connection[] = [];
  readonly #free: number[] = [];
  /** Slot of a flow's connection, plus one. */
  readonly #slots: GrowingInts = new GrowingInts();
  /** Index of an operation, plus one, by service, method and target. */
  readonly #operationIndexes: Map<number, number> = new Map();
  readonly #prefixes: Map<MessageReader, BodyPrefix> = new Map();

  constructor(
    flows: FlowTable,
    texts: TextPool,
    maxExchanges: number,
    bound: PacketTableBound,
    budget: ByteBudget,
    malformed: MalformedTally,
  ) {
    this.#flows = flows;
    this.texts = texts;
    this.#budget = budget;
    this.#malformed = malformed;
    this.table = new TransactionTable(HTTP_BYTES, maxExchanges, bound, flows);
  }

  /** The next bytes of one direction; `isRequest` says whether it is the requests'. */
  stream(
    flow: number,
    isRequest: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    end: number,
  ): void {
    const slot = this.#slots.get(flow);
    const connection = (slot === 0 ? undefined : this.#connections[slot - 1]) ?? this.#open(flow);
    (isRequest ? connection.requests : connection.responses).read(this, packet, atNs, view, start, end);
  }

  gap(flow: number, isRequest: boolean, packet: number, atNs: number, bytes: number): void {
    const connection = this.#connections[this.#slots.get(flow) - 1] ?? this.#open(flow);
    (isRequest ? connection.requests : connection.responses).gap(this, packet, atNs, bytes);
    if (!isRequest && connection.responses.isLost) this.#loseAnswers(connection);
  }

  /** One direction was closed: `orderly` by FIN, or because the connection was reset or is over. */
  closed(flow: number, isRequest: boolean, packet: number, atNs: number, orderly: boolean): void {
    const connection = this.#connections[this.#slots.get(flow) - 1];
    if (connection === undefined) return;
    (isRequest ? connection.requests : connection.responses).close(this, packet, atNs, orderly);
    connection.closed |= isRequest ? 1 : 2;
    if (connection.closed === 3) this.#forget(flow);
  }

  /** Index of an exchange's operation; -1 for none. */
  operationIndexOf(id: number): number {
    return this.table.int(id, HttpField.operation) - 1;
  }

  /** The flow's row will be used for another. */
  released(flow: number): void {
    this.#forget(flow);
    this.table.releaseFlow(flow);
  }

  /** Forgets exchanges that began before `beforeNs`, but for the latest `least`. */
  letGoBefore(beforeNs: number, least: number): void {
    const { table } = this;
    const startedNs = (id: number): number =>
      table.double(id, HttpField.requestedNs) || table.double(id, HttpField.respondedNs);
    table.forgetWhile((id) => startedNs(id) < beforeNs, least);
  }

  head(reader: MessageReader, view: DataView, head: HttpHead, packet: number, atNs: number, whole: boolean): BodyRule {
    const connection = this.#connections[reader.slot];
    if (connection === undefined) return BodyRule.none;
    return reader.isRequest
      ? this.#request(connection, view, head, packet, atNs, whole)
      : this.#response(connection, head, packet, atNs, whole);
  }

  body(reader: MessageReader, view: DataView, start: number, end: number, whole: boolean): void {
    if (whole) {
      this.#readBody(reader, view, start, end);
      reader.wantsBody = false;
      return;
    }
    let prefix = this.#prefixes.get(reader);
    if (prefix === undefined) {
      prefix = new BodyPrefix(this.#budget);
      this.#prefixes.set(reader, prefix);
    }
    prefix.content(view, start, end);
  }

  ended(reader: MessageReader, packet: number, atNs: number, how: MessageEnd): void {
    const id = reader.row;
    const prefix = this.#prefixes.size > 0 ? this.#prefixes.get(reader) : undefined;
    if (prefix !== undefined) {
      this.#readBody(reader, prefix.view, 0, prefix.length);
      this.#dropPrefix(reader);
    }
    reader.row = -1;
    if (!this.table.holds(id)) return;
    const view = this.table.view(id);
    const at = this.table.at(id);
    const isRequest = reader.isRequest;
    view.setInt32(at + (isRequest ? HttpField.requestLastPacket : HttpField.responseLastPacket), packet, true);
    if (how === MessageEnd.whole) {
      view.setFloat64(at + (isRequest ? HttpField.requestEndedNs : HttpField.responseEndedNs), atNs, true);
      view.setFloat64(at + (isRequest ? HttpField.requestBytes : HttpField.responseBytes), reader.bodyBytes, true);
      this.#flag(id, isRequest ? HttpFlag.requestEnded : HttpFlag.responseEnded);
    } else if (how === MessageEnd.lost) this.#flag(id, HttpFlag.cut);
    const connection = this.#connections[reader.slot];
    if (!isRequest && connection?.firstWaiting === id) this.#answered(connection);
  }

  /** Of a connection that was captured from its middle, nobody knows whether a message should begin where reading began. */
  malformed(reader: MessageReader, code: ProblemCode, packet: number): void {
    const flow = this.#connections[reader.slot]?.flow ?? -1;
    if (flow < 0 || this.#flows.int(flow, FlowField.initiator) === Initiator.unknown) return;
    this.#malformed.noteCode(code, "http", packet);
  }

  #open(flow: number): Connection {
    let slot = this.#free.pop();
    if (slot === undefined) {
      slot = this.#connections.length;
      this.#connections.push(new Connection(slot, this.#budget));
    }
    const connection = this.#connections[slot] ?? new Connection(slot, this.#budget);
    connection.open(flow);
    this.#slots.set(flow, slot + 1);
    return connection;
  }

  #forget(flow: number): void {
    const slot = this.#slots.get(flow) - 1;
    const connection = this.#connections[slot];
    if (connection === undefined) return;
    connection.open(-1);
    this.#dropPrefix(connection.requests);
    this.#dropPrefix(connection.responses);
    this.#free.push(slot);
    this.#slots.set(flow, 0);
  }

  #dropPrefix(reader: MessageReader): void {
    this.#prefixes.get(reader)?.letGo();
    this.#prefixes.delete(reader);
  }

  #request(
    connection: Connection,
    source: DataView,
    head: HttpHead,
    packet: number,
    atNs: number,
    whole: boolean,
  ): BodyRule {
    const { table, texts } = this;
    const id = table.add(connection.flow, packet);
    connection.requests.row = id;
    if (id < 0) return BodyRule.byHead;
    const method = texts.intern(source, head.methodStart, head.methodEnd);
    const target = internTarget(texts, source, head);
    const operationIndex = this.#operationIndex(this.#flows.int(connection.flow, FlowField.service), method, target);
    const operation = this.operations[operationIndex - 1];
    const secrets = head.secrets | (operation?.requestSecrets ?? 0);
    const view = table.view(id);
    const at = table.at(id);
    view.setFloat64(at + HttpField.requestedNs, atNs, true);
    view.setInt32(at + HttpField.flags, requestFlags(source, head, whole) | (secrets << SECRETS_SHIFT), true);
    view.setInt32(at + HttpField.method, method, true);
    view.setInt32(at + HttpField.target, target, true);
    view.setInt32(at + HttpField.host, internRange(texts, source, head.hostStart, head.hostEnd), true);
    view.setInt32(at + HttpField.userAgent, internRange(texts, source, head.userAgentStart, head.userAgentEnd), true);
    view.setInt32(at + HttpField.agent, internRange(texts, source, head.agentStart, head.agentEnd), true);
    view.setInt32(at + HttpField.operation, operationIndex, true);
    view.setInt32(at + HttpField.requestPacket, packet, true);
    view.setInt32(at + HttpField.requestLastPacket, packet, true);
    this.#wait(connection, id);
    connection.requests.wantsBody = operation !== undefined && operation.requestBody !== BodyUse.none;
    return head.methodKind === MethodKind.connect ? BodyRule.none : BodyRule.byHead;
  }

  #response(connection: Connection, head: HttpHead, packet: number, atNs: number, whole: boolean): BodyRule {
    const { table } = this;
    const status = head.status;
    if (status < 200 && status !== 101) return BodyRule.none; // interim: the answer is still to come
    let id = connection.firstWaiting;
    if (!table.holds(id)) {
      id = table.add(connection.flow, packet);
      if (id >= 0) this.#flag(id, HttpFlag.cut); // its request was not captured
    }
    connection.responses.row = id;
    if (id < 0) return BodyRule.byHead;
    const view = table.view(id);
    const at = table.at(id);
    const flags = view.getInt32(at + HttpField.flags, true) | HttpFlag.response | (whole ? 0 : HttpFlag.cut);
    const operation = this.operations[view.getInt32(at + HttpField.operation, true) - 1];
    const success = status >= 200 && status < 300;
    const secrets = success && head.contentLength !== 0 ? (operation?.responseSecrets ?? 0) : 0;
    view.setInt32(at + HttpField.flags, flags | ((secrets | head.secrets) << SECRETS_SHIFT), true);
    view.setInt32(at + HttpField.status, status, true);
    view.setFloat64(at + HttpField.respondedNs, atNs, true);
    view.setInt32(at + HttpField.responsePacket, packet, true);
    view.setInt32(at + HttpField.responseLastPacket, packet, true);
    connection.responses.wantsBody = status >= 400 || (success && operation?.responseBody === BodyUse.goalState);
    if (status === 101 || (success && (flags & HttpFlag.isConnect) !== 0)) {
      connection.requests.ignore();
      return BodyRule.tunnel;
    }
    const hasNoBody = (flags & HttpFlag.isHead) !== 0 || status === 204 || status === 304; // RFC 9112 section 6.3, case 1
    return hasNoBody ? BodyRule.none : BodyRule.byHead;
  }

  /** Puts an exchange at the end of those that wait; over the bound the oldest is no longer waited for. */
  #wait(connection: Connection, id: number): void {
    if (connection.waiting === MAX_PIPELINED_REQUESTS) {
      this.pipelinedDropped++;
      this.#answered(connection);
    }
    if (connection.firstWaiting < 0) connection.firstWaiting = id;
    else if (this.table.holds(connection.lastWaiting)) {
      this.table.setInt(connection.lastWaiting, HttpField.nextWaiting, id + 1);
    } else connection.firstWaiting = id;
    connection.lastWaiting = id;
    connection.waiting++;
  }

  /** Answers may have been in what was not captured: what waits is not given the next one, which would put all that follow out of step. */
  #loseAnswers(connection: Connection): void {
    while (connection.waiting > 0) {
      if (this.table.holds(connection.firstWaiting))
        this.#flag(connection.firstWaiting, HttpFlag.cut | HttpFlag.answerLost);
      this.#answered(connection);
    }
  }

  #answered(connection: Connection): void {
    const first = connection.firstWaiting;
    connection.firstWaiting = this.table.holds(first) ? this.table.int(first, HttpField.nextWaiting) - 1 : -1;
    connection.waiting = connection.firstWaiting < 0 ? 0 : connection.waiting - 1;
  }

  #readBody(reader: MessageReader, view: DataView, start: number, end: number): void {
    const id = reader.row;
    if (!this.table.holds(id)) return;
    const operation = this.operations[this.table.int(id, HttpField.operation) - 1];
    const use = reader.isRequest ? operation?.requestBody : operation?.responseBody;
    if (!reader.isRequest && this.table.int(id, HttpField.status) >= 400) this.#readError(id, view, start, end);
    else if (use === BodyUse.goalState) {
      this.table.setInt(id, HttpField.incarnation, internIncarnation(this.texts, view, start, end));
    } else if (use === BodyUse.healthReport) this.#readHealth(id, view, start, end);
    else if (use === BodyUse.statusUpload && indexOfIgnoreCase(view, start, end, "sig=") >= 0) {
      this.#flag(id, Secret.sasSignature << SECRETS_SHIFT);
    }
  }

  #readError(id: number, view: DataView, start: number, end: number): void {
    const error = readErrorBody(view, start, end);
    const text = error?.code ?? error?.message ?? null;
    if (text !== null) this.#text(id, HttpField.errorCode, text);
  }

  #readHealth(id: number, view: DataView, start: number, end: number): void {
    const report = readHealthReport(view, start, end);
    if (report === null) return;
    const { state, substatus, description, incarnation } = report;
    if (incarnation !== null) this.#text(id, HttpField.incarnation, incarnation);
    if (this.healthReports.length >= MAX_HEALTH_REPORTS) {
      this.healthReportsNotKept++;
      return;
    }
    this.healthReports.push({ state, substatus, description });
    this.table.setInt(id, HttpField.health, this.healthReports.length);
  }

  /** Operations are told once for each service, method and target. */
  #operationIndex(service: number, method: number, target: number): number {
    const find =
      service === ServiceCode.wireserver
        ? wireserverOperation
        : service === ServiceCode.hostgaPlugin
          ? hostgaPluginOperation
          : null;
    if (find === null || target === NO_TEXT) return 0;
    const key = (target * 4096 + (method & 0xfff)) * 8 + service;
    const known = this.#operationIndexes.get(key);
    if (known !== undefined) return known;
    const operation = find(this.texts.text(method) ?? "", this.texts.text(target) ?? "");
    let index = 0;
    if (operation !== null) {
      index = this.operations.indexOf(operation) + 1;
      if (index === 0) index = this.operations.push(operation);
    }
    this.#operationIndexes.set(key, index);
    return index;
  }

  #flag(id: number, flags: number): void {
    this.table.setInt(id, HttpField.flags, this.table.int(id, HttpField.flags) | flags);
  }

  #text(id: number, field: number, text: string): void {
    this.table.setInt(id, field, this.texts.internString(text));
  }
}

function requestFlags(view: DataView, head: HttpHead, whole: boolean): number {
  let flags: number = HttpFlag.request | (whole ? 0 : HttpFlag.cut);
  if (head.methodKind === MethodKind.head) flags |= HttpFlag.isHead;
  if (head.methodKind === MethodKind.connect) flags |= HttpFlag.isConnect | HttpFlag.proxyForm;
  else if (head.targetEnd > head.targetStart && (view.getUint8(head.targetStart) | 0x20) === 0x68) {
    flags |= HttpFlag.proxyForm; // "http://..." (RFC 9112 section 3.2.2)
  }
  return flags;
}

function internRange(texts: TextPool, view: DataView, start: number, end: number): number {
  return start < 0 ? NO_TEXT : texts.intern(view, start, end);
}
