/** A TCP conversation as timed packets, in the order in which it happened: sequence and acknowledgment numbers follow from what was sent. */
import { TcpFlag } from "../../src/decode/tcp-flags.ts";
import { packetOf, type Segment, type TimedPacket } from "./segments.ts";

const { syn, ack, fin, psh } = TcpFlag;
const STEP_NS = 100e3;

/** A connection that the VM (or the platform) opened, whose ends have received all that was sent so far. Segments are 0.1 ms apart. */
export class Conversation {
  readonly #segments: Segment[] = [];
  readonly #byVm: boolean;
  readonly #ports: { readonly vmPort: number; readonly platformPort: number };
  #atNs: number;
  #sentByVm = 1_000;
  #sentByPlatform = 5_000;

  constructor(byVm: boolean, vmPort: number, platformPort: number, atMs = 0) {
    this.#byVm = byVm;
    this.#ports = { vmPort, platformPort };
    this.#atNs = atMs * 1e6;
  }

  get packets(): TimedPacket[] {
    return this.#segments.map(packetOf);
  }

  /** Those that the VM sent, or those of the platform. */
  packetsBy(vm: boolean): TimedPacket[] {
    return this.#segments.filter(({ fromVm }) => fromVm === vm).map(packetOf);
  }

  open(): this {
    return this.send(this.#byVm, syn)
      .send(!this.#byVm, syn | ack)
      .send(this.#byVm, ack);
  }

  /** Data of who opened, and the other side's ACK. */
  ask(payload: string | Uint8Array): this {
    return this.send(this.#byVm, psh | ack, payload).send(!this.#byVm, ack);
  }

  /** Data of the other side, and its ACK. */
  answer(payload: string | Uint8Array): this {
    return this.send(!this.#byVm, psh | ack, payload).send(this.#byVm, ack);
  }

  close(): this {
    return this.send(this.#byVm, fin | ack)
      .send(!this.#byVm, fin | ack)
      .send(this.#byVm, ack);
  }

  wait(ms: number): this {
    this.#atNs += ms * 1e6;
    return this;
  }

  send(fromVm: boolean, flags: number, payload: string | Uint8Array = ""): this {
    const bytes = typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
    this.#segments.push({
      atNs: this.#atNs,
      fromVm,
      flags,
      sequence: fromVm ? this.#sentByVm : this.#sentByPlatform,
      acknowledgment: (flags & ack) === 0 ? 0 : fromVm ? this.#sentByPlatform : this.#sentByVm,
      payload: bytes,
      window: 64_240,
      ...this.#ports,
    });
    const taken = bytes.length + ((flags & (syn | fin)) === 0 ? 0 : 1);
    if (fromVm) this.#sentByVm += taken;
    else this.#sentByPlatform += taken;
    this.#atNs += STEP_NS;
    return this;
  }
}

/** The packets with the one at `place` captured behind the next `by`: as they stand in the file, or (`byClock`) by its time stamp too. */
export function capturedLate(
  packets: readonly TimedPacket[],
  place: number,
  by: number,
  byClock: boolean,
): TimedPacket[] {
  const late = packets.slice();
  const [moved] = late.splice(place, 1);
  const last = packets[place + by];
  if (moved === undefined || last === undefined) throw new Error("no such packet");
  late.splice(place + by, 0, byClock ? { ...moved, atNs: last.atNs + STEP_NS / 2 } : moved);
  return late;
}
