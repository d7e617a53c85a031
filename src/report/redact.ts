/**
 * Takes secrets out of text before it is kept: SAS signatures, tokens and keys in request targets and header fields. What stays shows
 * where the secret stood. Container and role instance names stay: they identify, but open nothing.
 */

/** What stands where a secret was. */
export const REDACTED = "REDACTED";

/** Query parameters whose value is a secret; "=" may itself be percent-encoded in a URL within the URL. */
const SECRET_PARAMETER =
  /(^|[?&;]|%3f|%26)(sig|signature|token|access_token|authenticationtoken|password|secret|key|apikey|code)(=|%3d)(?!REDACTED)((?:(?!%26)[^&;#\s])+)/gi;
/** The network agent's token stands in the path, between two slashes. */
const TOKEN_PATH = /(authenticationtoken(?:\/|%2f))(?!REDACTED)((?:(?!%2f)[^/?&#\s])+)/gi;

/** Header fields whose whole value is a secret. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-ms-guest-agent-public-x509-cert",
  "x-ms-azure-host-authorization",
  "x-ms-client-authorization",
]);

/** A request target, or any URL, without its secrets. */
export function redactTarget(target: string): string {
  return target.replace(SECRET_PARAMETER, `$1$2$3${REDACTED}`).replace(TOKEN_PATH, `$1${REDACTED}`);
}

/** A header field's value without its secrets; `name` in any case. */
export function redactFieldValue(name: string, value: string): string {
  return SECRET_FIELDS.has(name.toLowerCase()) ? REDACTED : redactTarget(value);
}
