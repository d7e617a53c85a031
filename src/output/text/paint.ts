/** Colours of the text report. Meaning never stands on them alone: the words say it too. */

/** Wraps text in a colour, or leaves it as it is. */
export type Colouring = (text: string) => string;

/** The few colours there are. */
export interface Paint {
  readonly strong: Colouring;
  readonly faint: Colouring;
  readonly bad: Colouring;
  readonly doubtful: Colouring;
  readonly good: Colouring;
  readonly note: Colouring;
}

const plain: Colouring = (text) => text;

/** For pipes, files and NO_COLOR. */
export const NO_PAINT: Paint = { strong: plain, faint: plain, bad: plain, doubtful: plain, good: plain, note: plain };

/** The sixteen colours of every terminal, so that its owner's theme decides what they look like. */
export const ANSI_PAINT: Paint = {
  strong: select("1", "22"),
  faint: select("2", "22"),
  bad: select("31", "39"),
  doubtful: select("33", "39"),
  good: select("32", "39"),
  note: select("36", "39"),
};

function select(on: string, off: string): Colouring {
  return (text) => (text === "" ? text : `\u001b[${on}m${text}\u001b[${off}m`);
}
