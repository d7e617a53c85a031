/** A choice, mostly a command line, that cannot be carried out: exit status 2, one line, and what to do about it. */
export class UsageError extends Error {
  readonly code: string;
  readonly hint: string | null;

  constructor(code: string, message: string, hint: string | null = null) {
    super(message);
    this.name = "UsageError";
    this.code = code;
    this.hint = hint;
  }
}
