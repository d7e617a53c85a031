/**
 * TLS as far as it is in clear text: records (RFC 8446 section 5.1, RFC 5246 section 6.2), the hellos, alerts, and whether a handshake
 * came to its end. A record's header, by offset: content type 0, version 1-2, length 3-4; then at most 2^14 + 2048 bytes.
 *
 * A `TlsReader` is fed one direction's stream in any pieces; it keeps the hello that is on its way and a few facts.
 */
import { MAX_TLS_ALERTS, MAX_TLS_HANDSHAKE_TYPES, MAX_TLS_HELLO_BYTES } from "../limits.ts";
import type { LengthLimit, Problem, ProblemCode } from "./problem.ts";
import { decodeClientHello, decodeServerHello, type TlsClientHello, type TlsServerHello } from "./tls-hello.ts";

const RECORD_HEADER_BYTES = 5;
const HANDSHAKE_HEADER_BYTES = 4;
const MAX_RECORD_BYTES = 16_384 + 2048; // RFC 5246 section 6.2.3
const ALERT_BYTES = 2;

const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const HEARTBEAT = 24;

const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const TLS_1_3 = 0x0304;
const LEVEL_FATAL = 2;

/** Bytes of a TLS 1.3 record that holds an alert alone: two of the alert, one of the true type, 16 of the seal (RFC 8446 section 5.2). */
const SEALED_ALERT_BYTES = 19;

/** An alert. Level (1 warning, 2 fatal) and description (RFC 8446 section 6) are null when it is encrypted. */
export interface TlsAlert {
  level: number | null;
  description: number | null;
}

/** How a handshake went. "unfinished": neither end was met, so how the connection ended tells. */
export interface TlsOutcome {
  state: "completed" | "failed" | "unfinished" | "not-tls";
  /** The alert that ended it, and who sent it; null unless failed. */
  alert: TlsAlert | null;
  alertFrom: "client" | "server" | null;
}

/** One direction of a TLS connection. */
export class TlsReader {
  /** Record headers read. */
  records = 0;
  clientHello: TlsClientHello | null = null;
  serverHello: TlsServerHello | null = null;
  /** Types of the handshake messages in clear text, in order; the first MAX_TLS_HANDSHAKE_TYPES. */
  handshakeTypes: number[] = [];
  /** The first MAX_TLS_ALERTS. */
  alerts: TlsAlert[] = [];
  /** True once this side changed to encryption (in TLS 1.3 the record means nothing). */
  changedCipher = false;
  /** Records of type application_data, and the bytes of the longest. In TLS 1.3 encrypted handshake messages and alerts are such too. */
  applicationRecords = 0;
  longestApplicationBytes = 0;
  /** Where reading stopped for good, or the first thing that was wrong; null when nothing was. */
  problem: Problem | null = null;
  /** True when these are no TLS records, or their sequence is lost. */
  failed = false;

  /** Bytes of the stream so far. */
  #taken = 0;
  #header = new DataView(new ArrayBuffer(RECORD_HEADER_BYTES));
  #headerBytes = 0;
  #contentType = 0;
  #recordBytes = 0;
  #recordLeft = 0;
  /** The handshake message on its way: its header, then its body as far as it is a hello. Empty while none was met. */
  #message = new Uint8Array(0);
  #messageBytes = 0;
  #messageLeft = 0;
  /** Where it began in the stream. */
  #messageStart = 0;
  #handshakeLost = false;
  #alertLevel = 0;

  /** Takes the next bytes of the stream. */
  consume(view: DataView, start: number, end: number): void {
    let at = start;
    while (at < end && !this.failed) {
      if (this.#recordLeft === 0) {
        this.#header.setUint8(this.#headerBytes, view.getUint8(at));
        at++;
        this.#taken++;
        this.#headerBytes++;
        if (this.#headerBytes === RECORD_HEADER_BYTES) this.#beginRecord();
        else this.#checkHeader();
        continue;
      }
      const taken = Math.min(this.#recordLeft, end - at);
      this.#readRecord(view, at, at + taken);
      at += taken;
      this.#taken += taken;
      this.#recordLeft -= taken;
    }
  }

  /** Passes `count` bytes that the capture missed. A record header among them loses the sequence. */
  skip(count: number): void {
    if (this.failed || count <= 0) return;
    if (count > this.#recordLeft) {
      this.#fail("tls-cut", 1, 0, "capture");
      return;
    }
    if (this.#contentType === HANDSHAKE) this.#handshakeLost = true;
    this.#recordLeft -= count;
    this.#taken += count;
  }

  /** Says that the stream ended here; within a record or its header that is a problem. `limit` is what ended it. */
  finish(limit: LengthLimit): void {
    const inHeader = this.#recordLeft === 0 && this.#headerBytes > 0;
    const missing = inHeader ? RECORD_HEADER_BYTES - this.#headerBytes : this.#recordLeft;
    if (missing > 0 && !this.failed) this.#note("tls-cut", missing, 0, limit);
    if (this.#messageLeft > 0 && !this.#handshakeLost) this.#endMessage(); // a hello is told as far as it came
  }

  /** Gives up as soon as the header's first bytes cannot be TLS. */
  #checkHeader(): void {
    const type = this.#header.getUint8(0);
    if (type < CHANGE_CIPHER_SPEC || type > HEARTBEAT)
      this.#fail("tls-bad-content-type", 0, this.#headerBytes, "stream");
    else if (this.#headerBytes > 1 && this.#header.getUint8(1) !== 3) {
      this.#fail("tls-bad-version", 0, this.#headerBytes, "stream");
    }
  }

  #beginRecord(): void {
    this.#checkHeader();
    if (this.failed) return;
    const lengthBytes = this.#header.getUint16(3);
    if (lengthBytes > MAX_RECORD_BYTES) {
      this.#fail("tls-bad-record-length", 0, RECORD_HEADER_BYTES, "stream");
      return;
    }
    this.records++;
    this.#headerBytes = 0;
    this.#contentType = this.#header.getUint8(0);
    this.#recordBytes = lengthBytes;
    this.#recordLeft = lengthBytes;
    if (this.#contentType === CHANGE_CIPHER_SPEC) this.changedCipher = true;
    else if (this.#contentType === APPLICATION_DATA) {
      this.applicationRecords++;
      this.longestApplicationBytes = Math.max(this.longestApplicationBytes, lengthBytes);
    } else if (this.#contentType === ALERT && lengthBytes !== ALERT_BYTES) this.#addAlert(null, null);
  }

  /** A part of the current record's content. */
  #readRecord(view: DataView, start: number, end: number): void {
    if (this.#contentType === HANDSHAKE && !this.changedCipher) this.#readHandshake(view, start, end);
    else if (this.#contentType === ALERT && this.#recordBytes === ALERT_BYTES) {
      for (let at = start; at < end; at++) {
        if (this.#recordLeft - (at - start) === ALERT_BYTES) this.#alertLevel = view.getUint8(at);
        else this.#addAlert(this.#alertLevel, view.getUint8(at));
      }
    }
  }

  /** Handshake messages: type 0, length 1-3, body. They may share a record, and go over several (RFC 8446 section 5.1). */
  #readHandshake(view: DataView, start: number, end: number): void {
    let at = start;
    while (at < end && !this.#handshakeLost) {
      if (this.#messageLeft > 0) {
        const taken = Math.min(this.#messageLeft, end - at);
        this.#keep(view, at, taken);
        at += taken;
        this.#messageLeft -= taken;
      } else {
        if (this.#messageBytes === 0) this.#messageStart = this.#taken + at - start;
        this.#keep(view, at, 1);
        at++;
        if (this.#messageBytes === HANDSHAKE_HEADER_BYTES) this.#beginMessage();
      }
      if (this.#messageLeft === 0 && this.#messageBytes >= HANDSHAKE_HEADER_BYTES) this.#endMessage();
    }
  }

  #beginMessage(): void {
    const [type = 0, high = 0, middle = 0, low = 0] = this.#message;
    this.#messageLeft = high * 0x10000 + middle * 0x100 + low;
    if (this.handshakeTypes.length < MAX_TLS_HANDSHAKE_TYPES) this.handshakeTypes.push(type);
  }

  /** Keeps bytes of a header or a hello; of other messages, and beyond the bound, they are counted only by `#messageLeft`. */
  #keep(view: DataView, at: number, count: number): void {
    const type = this.#message[0];
    const inHeader = this.#messageBytes < HANDSHAKE_HEADER_BYTES;
    if (!inHeader && type !== CLIENT_HELLO && type !== SERVER_HELLO) return;
    const kept = Math.min(count, MAX_TLS_HELLO_BYTES - this.#messageBytes);
    if (this.#messageBytes + kept > this.#message.length) {
      const wanted = this.#messageBytes + Math.max(kept, inHeader ? HANDSHAKE_HEADER_BYTES : this.#messageLeft);
      const grown = new Uint8Array(Math.min(MAX_TLS_HELLO_BYTES, wanted));
      grown.set(this.#message.subarray(0, this.#messageBytes));
      this.#message = grown;
    }
    for (let index = 0; index < kept; index++) this.#message[this.#messageBytes + index] = view.getUint8(at + index);
    this.#messageBytes += kept;
  }

  #endMessage(): void {
    const type = this.#message[0];
    const body = new DataView(
      this.#message.buffer,
      HANDSHAKE_HEADER_BYTES,
      this.#messageBytes - HANDSHAKE_HEADER_BYTES,
    );
    const bodyBytes = body.byteLength;
    if (type === CLIENT_HELLO) this.clientHello ??= decodeClientHello(body, 0, bodyBytes);
    // after a HelloRetryRequest the true ServerHello comes
    else if (type === SERVER_HELLO && (this.serverHello?.retry ?? true)) {
      this.serverHello = decodeServerHello(body, 0, bodyBytes);
    }
    if ((this.clientHello ?? this.serverHello)?.sound === false) {
      const availableBytes = this.#messageBytes;
      this.#note("tls-bad-extension-length", 0, availableBytes, "tls-handshake-length", this.#messageStart);
    }
    this.#messageBytes = 0;
  }

  #addAlert(level: number | null, description: number | null): void {
    if (this.alerts.length < MAX_TLS_ALERTS) this.alerts.push({ level, description });
  }

  #fail(code: ProblemCode, neededBytes: number, availableBytes: number, limit: LengthLimit): void {
    this.failed = true;
    this.#note(code, neededBytes, availableBytes, limit);
  }

  #note(
    code: ProblemCode,
    neededBytes: number,
    availableBytes: number,
    limit: LengthLimit,
    offsetBytes: number = this.#taken,
  ): void {
    this.problem ??= { code, layer: "tls", offsetBytes, neededBytes, availableBytes, limit };
  }
}

/** Reads the records of `view[start, end)`, the beginning of one direction. `limit` says what ended it. Never throws. */
export function decodeTls(view: DataView, start: number, end: number, limit: LengthLimit = "stream"): TlsReader {
  const reader = new TlsReader();
  reader.consume(view, start, end);
  reader.finish(limit);
  return reader;
}

/** True when the bytes begin like a TLS handshake or alert record, or are too few to tell. */
export function mayBeTls(view: DataView, start: number, end: number): boolean {
  const size = end - start;
  if (size >= 1 && view.getUint8(start) !== HANDSHAKE && view.getUint8(start) !== ALERT) return false;
  if (size >= 2 && view.getUint8(start + 1) !== 3) return false;
  return size < RECORD_HEADER_BYTES || view.getUint16(start + 3) <= MAX_RECORD_BYTES;
}

/** How the handshake went, from what both sides sent. */
export function tlsOutcome(client: TlsReader, server: TlsReader): TlsOutcome {
  if (client.clientHello === null && server.serverHello === null && client.alerts.length + server.alerts.length === 0) {
    const isTls = client.records + server.records > 0 || !(client.failed || server.failed);
    return { state: isTls ? "unfinished" : "not-tls", alert: null, alertFrom: null };
  }
  if (isCompleted(client, server)) return { state: "completed", alert: null, alertFrom: null };
  const fromServer = server.alerts.find(isFatal);
  if (fromServer !== undefined) return { state: "failed", alert: fromServer, alertFrom: "server" };
  const fromClient = client.alerts.find(isFatal) ?? sealedAlert(client, server);
  if (fromClient !== undefined) return { state: "failed", alert: fromClient, alertFrom: "client" };
  return { state: "unfinished", alert: null, alertFrom: null };
}

/**
 * TLS 1.3: the client's Finished is sealed like data, and longer than an alert. Before: both sides changed to encryption, which the
 * second one does only when it took the first one's Finished (RFC 5246 section 7.3). Without a ServerHello: data in both directions.
 */
function isCompleted(client: TlsReader, server: TlsReader): boolean {
  const version = server.serverHello?.version;
  if (version === undefined) return client.applicationRecords > 0 && server.applicationRecords > 0;
  if (version === TLS_1_3) return client.longestApplicationBytes > SEALED_ALERT_BYTES;
  return client.changedCipher && server.changedCipher;
}

/** TLS 1.3: what a client seals instead of its Finished can only be an alert. */
function sealedAlert(client: TlsReader, server: TlsReader): TlsAlert | undefined {
  const isSealed = server.serverHello?.version === TLS_1_3 && client.applicationRecords > 0;
  return isSealed ? { level: null, description: null } : undefined;
}

/** One that is encrypted before the handshake's end is taken for fatal: a warning would not be followed by nothing else. */
function isFatal(alert: TlsAlert): boolean {
  return alert.level === null || alert.level === LEVEL_FATAL;
}
