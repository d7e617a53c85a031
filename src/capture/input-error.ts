/** An input that cannot be analysed at all. Thrown before the analysis begins and never after. */

/** Why an input is refused. */
export type InputErrorCode =
  | "not-found"
  | "not-readable"
  | "no-capture-backend"
  | "capture-not-permitted"
  | "capture-failed"
  | "no-interface"
  | "no-captures"
  | "empty-input"
  | "foreign-format"
  | "unsupported-version"
  | "stdin-twice";

/** One clear line for the user, and what to do about it. */
export class InputError extends Error {
  readonly code: InputErrorCode;
  /** What to do, such as the command that converts the file; null when nothing helps. */
  readonly hint: string | null;

  constructor(code: InputErrorCode, message: string, hint: string | null = null) {
    super(message);
    this.name = "InputError";
    this.code = code;
    this.hint = hint;
  }
}
