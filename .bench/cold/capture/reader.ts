/** What every format reader is made of and offers. */
import type { BlockBuffer } from "./block-buffer.ts";
import { linkTypeName } from "./link-types.ts";
import type { CaptureRecord, Prefilter, Step, TimeBase } from "./record.ts";
import type { SourceFacts } from "./source-facts.ts";

/** The prefilter for a LINKTYPE_ number; null when packets of that type cannot be analysed. Asked once for each interface. */
export type FilterFor = (linkType: number) => Prefilter | null;

/** What a reader is given. */
export interface ReaderContext {
  buffer: BlockBuffer;
  base: TimeBase;
  filterFor: FilterFor;
  facts: SourceFacts;
}

/** A parser over a `BlockBuffer`: it takes what is there and asks for more, so the bytes may come from anywhere. */
export interface Reader {
  readonly record: CaptureRecord;
  /** Goes on to the next record that its prefilter passes. After `Step.done` it stays done. */
  next(): Step;
}

/** The filter for one interface. Without one for its link type, it passes nothing and counts a problem at the first packet. */
export function filterOrProblem(context: ReaderContext, linkType: number): Prefilter {
  const filter = context.filterFor(linkType);
  if (filter !== null) return filter;
  const { buffer, facts } = context;
  let count = (start: number): void => {
    const problem = facts.problems.add("unsupported-link-type", linkTypeName(linkType), buffer.origin + start);
    count = (): void => {
      problem.count += 1;
    };
  };
  return (_view, start) => {
    count(start);
    return 0;
  };
}
