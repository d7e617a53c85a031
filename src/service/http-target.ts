/** Keeps a request's target without its secrets. The usual target has none: then its bytes are kept as they are. */
import { CUT_MARK, safeText } from "../bytes/text.ts";
import { NO_TEXT, type TextPool } from "../bytes/text-pool.ts";
import { redactTarget } from "../report/redact.ts";
import { equalsIgnoreCase, type HttpHead, indexOfIgnoreCase, Secret } from "./http-head.ts";

/** Endings of parameter names that may carry a secret. More than `redactTarget` takes out is harmless here: it decides. */
const SECRET_NAMES: readonly string[] = ["sig", "signature", "token", "password", "secret", "key", "code"];
const TOKEN_PATH = "authenticationtoken";

/** Number in the pool of the head's target, redacted; NO_TEXT without. One that was cut ends with CUT_MARK. Notes in the head which kinds of secrets it held. */
export function internTarget(texts: TextPool, view: DataView, head: HttpHead): number {
  const { targetStart, targetEnd, targetIsCut } = head;
  if (targetStart < 0) return NO_TEXT;
  if (!mayHoldSecret(view, targetStart, targetEnd)) {
    if (targetIsCut) return texts.internString(safeText(view, targetStart, targetEnd) + CUT_MARK);
    return texts.intern(view, targetStart, targetEnd);
  }
  const text = safeText(view, targetStart, targetEnd);
  const redacted = redactTarget(text);
  if (redacted !== text) head.secrets |= secretKinds(view, targetStart, targetEnd);
  return texts.internString(targetIsCut ? redacted + CUT_MARK : redacted);
}

/** Looks at what stands before each "=" and "%", and after each name in the path. */
function mayHoldSecret(view: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    if (byte === 0x3d || byte === 0x25) {
      if (endsWithSecretName(view, start, at)) return true;
    } else if (byte === 0x2f && endsWith(view, start, at, TOKEN_PATH)) return true;
  }
  return false;
}

function endsWithSecretName(view: DataView, start: number, end: number): boolean {
  if (end === start) return false;
  switch (view.getUint8(end - 1) | 0x20) {
    case 0x67: // g
    case 0x65: // e
    case 0x6e: // n
    case 0x64: // d
    case 0x74: // t
    case 0x79: // y
      for (const name of SECRET_NAMES) if (endsWith(view, start, end, name)) return true;
      return false;
    default:
      return false;
  }
}

function endsWith(view: DataView, start: number, end: number, lowerCase: string): boolean {
  const from = end - lowerCase.length;
  return from >= start && equalsIgnoreCase(view, from, end, lowerCase);
}

function secretKinds(view: DataView, start: number, end: number): number {
  const signed = indexOfIgnoreCase(view, start, end, "sig=") >= 0 || indexOfIgnoreCase(view, start, end, "sig%3d") >= 0;
  const token = indexOfIgnoreCase(view, start, end, "token") >= 0;
  return (signed ? Secret.sasSignature : 0) | (token || !signed ? Secret.authenticationToken : 0);
}
