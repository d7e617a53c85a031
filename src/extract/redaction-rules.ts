/** What redaction leaves readable. Everything else of a payload is overwritten. */

/** What stands where something was overwritten: "x", which no decoder takes for structure. */
export const REDACTED_BYTE = 0x78;

/** Header fields whose values hold no secret and that the analysis needs: framing, names of agents, versions. */
export const SAFE_HEADERS: ReadonlySet<string> = new Set([
  "host",
  "user-agent",
  "server",
  "date",
  "connection",
  "keep-alive",
  "content-length",
  "content-type",
  "content-encoding",
  "transfer-encoding",
  "accept",
  "accept-encoding",
  "cache-control",
  "expect",
  "metadata",
  "x-ms-version",
  "x-ms-agent-name",
  "x-ms-guest-agent-name",
  "x-ms-cipher-name",
  "x-ms-client-name",
  "x-ms-client-version",
]);
