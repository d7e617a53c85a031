/** What a VM and the platform say to each other: short WireServer connections with one exchange each, and DNS lookups. */
import { address, TcpFlag, tcpFrame, udpFrame } from "./frames.mjs";

const VM = { mac: Buffer.from("000d3a112233", "hex"), address: address("10.0.0.4") };
const PLATFORM = { mac: Buffer.from("123456789abc", "hex"), address: address("168.63.129.16") };
const FIRST_PORT = 1024;
const PORTS = 65_536 - FIRST_PORT;

const REQUEST = Buffer.from(
  "GET /machine?comp=goalstate HTTP/1.1\r\nHost: 168.63.129.16\r\nx-ms-agent-name: WALinuxAgent\r\nx-ms-version: 2012-11-30\r\n\r\n",
);
const BODY =
  '<?xml version="1.0" encoding="utf-8"?><GoalState><Version>2012-11-30</Version><Incarnation>1</Incarnation><Machine/></GoalState>';
const RESPONSE = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nServer: Microsoft-IIS/10.0\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
);
const NOTHING = Buffer.alloc(0);
const { fin, syn, psh, ack } = TcpFlag;

/** Segments of one connection: who sends, flags, payload. */
const CONNECTION = [
  [true, syn, NOTHING],
  [false, syn | ack, NOTHING],
  [true, ack, NOTHING],
  [true, psh | ack, REQUEST],
  [false, ack, NOTHING],
  [false, psh | ack, RESPONSE],
  [true, ack, NOTHING],
  [true, fin | ack, NOTHING],
  [false, fin | ack, NOTHING],
  [true, ack, NOTHING],
];
export const PACKETS_OF_CONNECTION = CONNECTION.length;
export const PACKETS_OF_LOOKUP = 2;

/** A connection that is being told, a segment at each call. */
class Connection {
  #port;
  #told = 0;
  #vmNext;
  #platformNext;

  constructor(number, random) {
    this.#port = FIRST_PORT + (number % PORTS);
    this.#vmNext = random.below(0xffffffff);
    this.#platformNext = random.below(0xffffffff);
  }

  get isOver() {
    return this.#told === CONNECTION.length;
  }

  next(frame) {
    const [byVm, flags, payload] = CONNECTION[this.#told++];
    const vm = { ...VM, port: this.#port };
    const platform = { ...PLATFORM, port: 80 };
    const sequence = byVm ? this.#vmNext : this.#platformNext;
    const acknowledgment = (flags & ack) === 0 ? 0 : byVm ? this.#platformNext : this.#vmNext;
    const taken = payload.length + ((flags & (syn | fin)) === 0 ? 0 : 1);
    if (byVm) this.#vmNext = (this.#vmNext + taken) >>> 0;
    else this.#platformNext = (this.#platformNext + taken) >>> 0;
    const segment = { sequence, acknowledgment, flags, payload };
    return byVm ? tcpFrame(frame, vm, platform, segment) : tcpFrame(frame, platform, vm, segment);
  }
}

/** A lookup of an A record: query, then answer. */
class Lookup {
  #port;
  #question;
  #id;
  #told = 0;

  constructor(number) {
    this.#port = FIRST_PORT + (number % PORTS);
    this.#id = (number * 40_503) & 0xffff;
    const label = `host-${String(number % 1000).padStart(3, "0")}`;
    this.#question = Buffer.concat([
      Buffer.from([label.length]),
      Buffer.from(label),
      Buffer.from("\x07example\x03com\x00\x00\x01\x00\x01", "latin1"),
    ]);
  }

  get isOver() {
    return this.#told === PACKETS_OF_LOOKUP;
  }

  next(frame) {
    const isQuery = this.#told++ === 0;
    const header = Buffer.alloc(12);
    header.writeUInt16BE(this.#id, 0);
    header.writeUInt16BE(isQuery ? 0x0100 : 0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(isQuery ? 0 : 1, 6);
    const vm = { ...VM, port: this.#port };
    const platform = { ...PLATFORM, port: 53 };
    if (isQuery) return udpFrame(frame, vm, platform, Buffer.concat([header, this.#question]));
    const answer = Buffer.from("c00c000100010000003c0004cb007101", "hex");
    return udpFrame(frame, platform, vm, Buffer.concat([header, this.#question, answer]));
  }
}

/** Connections and lookups, some of them at a time, in shares that come out exactly at the end. */
export class PlatformTraffic {
  #random;
  #connectionsLeft;
  #lookupsLeft;
  #connections = 0;
  #lookups = 0;
  #open = [];
  #atOnce;

  constructor(random, { connections, lookups, atOnce }) {
    this.#random = random;
    this.#connectionsLeft = connections;
    this.#lookupsLeft = lookups;
    this.#atOnce = atOnce;
  }

  /** True when all that was to be told is told. */
  get isOver() {
    return this.#open.length === 0 && this.#connectionsLeft + this.#lookupsLeft === 0;
  }

  /** The next packet, in `frame`; its length. */
  next(frame) {
    while (this.#open.length < this.#atOnce && this.#connectionsLeft + this.#lookupsLeft > 0)
      this.#open.push(this.#begin());
    const index = this.#random.below(this.#open.length);
    const one = this.#open[index];
    const length = one.next(frame);
    if (one.isOver) {
      this.#open[index] = this.#open.at(-1);
      this.#open.pop();
    }
    return length;
  }

  #begin() {
    if (this.#random.below(this.#connectionsLeft + this.#lookupsLeft) < this.#connectionsLeft) {
      this.#connectionsLeft -= 1;
      return new Connection(this.#connections++, this.#random);
    }
    this.#lookupsLeft -= 1;
    return new Lookup(this.#lookups++);
  }
}
