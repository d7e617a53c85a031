/** What may be wrong with a source, as fixed codes. A fault that is found midway is a problem here, never an exception. */
import { MAX_INTERFACES, MAX_PROBLEM_KINDS } from "../limits.ts";

/** The fixed words. Adding one is free; renaming one breaks those who look for it. */
export type ProblemCode =
  | "cut-header"
  | "cut-record"
  | "still-being-written"
  | "bad-record-length"
  | "bad-block-length"
  | "bad-section"
  | "bad-option"
  | "unknown-interface"
  | "too-many-interfaces"
  | "packet-beyond-block"
  | "captured-beyond-wire"
  | "unsupported-link-type"
  | "read-failed"
  | "decompression-failed"
  | "decompression-limit"
  | "further-problems";

interface ProblemKind {
  /** True when nothing behind the fault could be read: the exit status is then 3. */
  stops: boolean;
  /** One sentence that a person can act on. `detail` says what was met in this source. */
  message: (detail: string) => string;
}

/** Every code, whether it ends its source, and what it says. */
const PROBLEMS: Readonly<Record<ProblemCode, ProblemKind>> = {
  "cut-header": {
    stops: true,
    message: (detail) => `The file ends within its header (${detail}): the capture was cut or never began.`,
  },
  "cut-record": {
    stops: true,
    message: (detail) => `The capture ends within a record (${detail}): the file was cut; all before it was read.`,
  },
  "still-being-written": {
    stops: false,
    message: (detail) => `The capture is still being written and its last record is not complete (${detail}).`,
  },
  "bad-record-length": {
    stops: true,
    message: (detail) => `A record states an impossible length (${detail}): the file is damaged from here on.`,
  },
  "bad-block-length": {
    stops: true,
    message: (detail) => `A block states an impossible length (${detail}): the file is damaged from here on.`,
  },
  "bad-section": {
    stops: true,
    message: (detail) => `A section cannot be read (${detail}); all before it was read.`,
  },
  "bad-option": {
    stops: false,
    message: () => "Options of an interface are longer than their block; those before were used.",
  },
  "unknown-interface": {
    stops: false,
    message: () =>
      "Packets name an interface that the file does not describe; they are counted but cannot be analysed.",
  },
  "too-many-interfaces": {
    stops: false,
    message: () =>
      `More than ${MAX_INTERFACES} interfaces are described; packets of further ones are counted but not analysed.`,
  },
  "packet-beyond-block": {
    stops: false,
    message: () => "Packets state more captured bytes than their block holds; they are counted but cannot be analysed.",
  },
  "captured-beyond-wire": {
    stops: false,
    message: () => "Records state more captured bytes than were on the wire; the captured ones were used.",
  },
  "unsupported-link-type": {
    stops: false,
    message: (detail) => `Packets of link type ${detail} are counted but cannot be analysed.`,
  },
  "read-failed": {
    stops: true,
    message: (detail) => `Reading failed (${detail}); all before it was read.`,
  },
  "decompression-failed": {
    stops: true,
    message: (detail) => `The compressed data is damaged or was cut (${detail}); what came out before was read.`,
  },
  "decompression-limit": {
    stops: true,
    message: (detail) => `Decompression was ended (${detail}); if the file is genuine, decompress it first.`,
  },
  "further-problems": {
    stops: false,
    message: () => "Further kinds of problems were met and are only counted.",
  },
};

/** Whether nothing behind a problem of this code could be read. */
export function endsSource(code: string): boolean {
  return Object.entries(PROBLEMS).some(([known, { stops }]) => known === code && stops);
}

/** One kind of problem in one source. */
export interface Problem {
  code: ProblemCode;
  message: string;
  /** Offset in the decompressed source where it was first met; null when no place is meant. */
  offsetBytes: number | null;
  count: number;
}

/** The problems of one source, by kind in order of appearance. */
export class ProblemList {
  readonly all: Problem[] = [];
  /** True when one of them ended the source early. */
  stopped = false;

  /** Counts one problem, and returns its kind so that a caller may count further ones without looking it up. */
  add(code: ProblemCode, detail: string, offsetBytes: number | null): Problem {
    const kind = PROBLEMS[code];
    if (kind.stops) this.stopped = true;
    const message = kind.message(detail);
    const known = this.all.find((problem) => problem.code === code && problem.message === message);
    if (known !== undefined) {
      known.count += 1;
      return known;
    }
    if (this.all.length >= MAX_PROBLEM_KINDS && !kind.stops && code !== "further-problems") {
      return this.add("further-problems", "", offsetBytes);
    }
    const problem: Problem = { code, message, offsetBytes, count: 1 };
    this.all.push(problem);
    return problem;
  }
}
