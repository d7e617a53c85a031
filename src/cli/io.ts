/** What a command may use of its process, so that a test can hand it something else. */

/** A stream to a person or a program. */
export interface OutputStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The surroundings of one command. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether ANSI colours go to `stream`: FORCE_COLOR and NO_COLOR decide, else a terminal that is not dumb gets them. */
export function wantsColour(stream: OutputStream, env: Io["env"]): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  const refused = env["NO_COLOR"];
  if (refused !== undefined && refused !== "") return false;
  return stream.isTTY === true && env["TERM"] !== "dumb";
}
