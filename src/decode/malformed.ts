/** Malformed layers of an analysis by kind: how often each was met, and in which packet first. Only what is malformed comes here, never what is merely cut. */
import { LAYERS, type Layer, PROBLEM_CODES, type Problem, type ProblemCode } from "./problem.ts";

/** One kind of fault in one layer. */
export interface MalformedKind {
  readonly code: ProblemCode;
  readonly layer: Layer;
  count: number;
  /** Index in the packet table of the first packet with it that was kept; -1 while there is none. */
  firstPacket: number;
}

/** As many kinds as there are codes and layers: bounded by their lists. */
export class MalformedTally {
  /** By place in PROBLEM_CODES and place in LAYERS. */
  readonly #kinds: (MalformedKind | undefined)[] = [];

  /** Counts one; `code` and `layer` are places in PROBLEM_CODES and LAYERS. */
  note(code: number, layer: number, packet: number): void {
    const place = code * LAYERS.length + layer;
    const known = this.#kinds[place];
    if (known !== undefined) {
      known.count++;
      if (known.firstPacket < 0) known.firstPacket = packet;
      return;
    }
    const codeName = PROBLEM_CODES[code];
    const layerName = LAYERS[layer];
    if (codeName === undefined || layerName === undefined) return;
    this.#kinds[place] = { code: codeName, layer: layerName, count: 1, firstPacket: packet };
  }

  /** Counts a message's problem. */
  noteProblem({ code, layer }: Problem, packet: number): void {
    this.noteCode(code, layer, packet);
  }

  noteCode(code: ProblemCode, layer: Layer, packet: number): void {
    this.note(PROBLEM_CODES.indexOf(code), LAYERS.indexOf(layer), packet);
  }

  /** The kinds that were met, in order of the lists. */
  get kinds(): readonly MalformedKind[] {
    return this.#kinds.filter((kind) => kind !== undefined);
  }
}
