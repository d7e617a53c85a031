/** DNS questions to the platform itself, over UDP and TCP. */
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { decodeDns, dnsName, dnsRcode, dnsRecordData, dnsTcpMessageEnd } from "../decode/dns.ts";
import type { DnsDetails } from "../report/check-report.ts";
import { DNS_PORT } from "../service/platform.ts";
import { codeOf } from "./connect.ts";

/** Numbers of the types that are asked for. */
const TYPES: Readonly<Record<DnsDetails["type"], number>> = { A: 1, PTR: 12 };
const CLASS_IN = 1;
const RECURSION_DESIRED = 0x0100;
/** Times that a question is asked over UDP within its time. */
const QUERIES = 3;
const MAX_ANSWERS = 8;

/** One question. */
export interface Question {
  server: string;
  name: string;
  type: DnsDetails["type"];
  timeoutMs: number;
  /** The IP TTL of the query; null for the system's own. Over UDP alone. */
  timeToLive?: number;
}

/** What a question that nobody asked yet is. */
export function unasked(transport: DnsDetails["transport"], name: string, type: DnsDetails["type"]): DnsDetails {
  return {
    ...{ transport, name, type, localPort: null, queries: 0, rcode: null, responseMs: null, answers: [] },
    error: null,
  };
}

/** RFC 1035 section 4: header, then the one question. Labels are ASCII and at most 63 bytes. */
export function queryBytes(id: number, name: string, type: DnsDetails["type"]): Buffer {
  const labels = name
    .split(".")
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, "latin1")]));
  const words = Buffer.alloc(12);
  words.writeUInt16BE(id, 0);
  words.writeUInt16BE(RECURSION_DESIRED, 2);
  words.writeUInt16BE(1, 4);
  const end = Buffer.alloc(5);
  end.writeUInt16BE(TYPES[type], 1);
  end.writeUInt16BE(CLASS_IN, 3);
  return Buffer.concat([words, ...labels, end]);
}

/** Fills `details` from a message when it answers the question; false for anything else. */
export function takeAnswer(details: DnsDetails, id: number, bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const message = decodeDns(view, 0, bytes.length);
  const { header, questions, answers } = message;
  if (header === null || !header.response || header.id !== id) return false;
  const asked = questions[0];
  if (asked !== undefined) {
    const name = dnsName(view, message, asked.nameStart);
    if (asked.type !== TYPES[details.type] || name?.toLowerCase() !== details.name) return false;
  }
  details.rcode = dnsRcode(message);
  details.answers = answers.slice(0, MAX_ANSWERS).map((record) => dnsRecordData(view, message, record));
  return true;
}

/** Asks over UDP, again after each third of the time. */
export function askOverUdp({ server, name, type, timeoutMs, timeToLive }: Question): Promise<DnsDetails> {
  const details = unasked("udp", name, type);
  const id = randomInt(0x10000);
  const query = queryBytes(id, name, type);
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const timers: NodeJS.Timeout[] = [];
    const startedMs = performance.now();
    let over = false;
    const finish = (error: string | null): void => {
      if (over) return;
      over = true;
      for (const timer of timers) clearTimeout(timer);
      details.error = error;
      socket.removeAllListeners();
      socket.on("error", () => {});
      socket.close();
      resolve(details);
    };
    const ask = (): void => {
      details.queries += 1;
      socket.send(query, (error) => {
        if (error !== null) finish(codeOf(error));
      });
    };
    socket.once("error", (error) => finish(codeOf(error)));
    socket.on("message", (bytes) => {
      if (!takeAnswer(details, id, bytes)) return;
      details.responseMs = performance.now() - startedMs;
      finish(null);
    });
    socket.once("connect", () => {
      details.localPort = socket.address().port;
      if (timeToLive !== undefined) socket.setTTL(timeToLive);
      for (let again = 1; again < QUERIES; again++) timers.push(setTimeout(ask, (again * timeoutMs) / QUERIES));
      // An answer that came while the process could not look is taken in first.
      timers.push(setTimeout(() => setImmediate(() => finish("ETIMEDOUT")), timeoutMs));
      ask();
    });
    // Connected, so that ICMP errors come back as errors and strangers' datagrams do not come at all.
    socket.connect(DNS_PORT, server);
  });
}

/** Asks over TCP (RFC 1035 section 4.2.2: two bytes of length before the message). */
export function askOverTcp({ server, name, type, timeoutMs }: Question): Promise<DnsDetails> {
  const details = unasked("tcp", name, type);
  const id = randomInt(0x10000);
  const query = queryBytes(id, name, type);
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const socket = connect({ host: server, port: DNS_PORT });
    const look = setImmediate(() => {
      details.localPort = socket.localPort ?? null;
    });
    let gathered = Buffer.alloc(0);
    let over = false;
    const finish = (error: string | null): void => {
      if (over) return;
      over = true;
      clearImmediate(look);
      clearTimeout(timer);
      details.localPort = socket.localPort ?? details.localPort;
      details.error = error;
      resolve(details);
      socket.destroy();
    };
    // As over UDP: what came while the process could not look is taken in first.
    const timer = setTimeout(() => setImmediate(() => finish("ETIMEDOUT")), timeoutMs);
    socket.once("connect", () => {
      details.queries = 1;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(query.length, 0);
      socket.write(Buffer.concat([length, query]));
    });
    socket.on("error", (error) => finish(codeOf(error)));
    socket.on("end", () => finish("ECONNRESET"));
    socket.on("data", (bytes: Buffer) => {
      gathered = Buffer.concat([gathered, bytes]);
      const view = new DataView(gathered.buffer, gathered.byteOffset, gathered.length);
      const end = dnsTcpMessageEnd(view, 0, gathered.length);
      if (end < 0) return;
      const isAnswer = takeAnswer(details, id, gathered.subarray(2, end));
      details.responseMs = isAnswer ? performance.now() - startedMs : null;
      finish(isAnswer ? null : "EBADMSG");
    });
  });
}
