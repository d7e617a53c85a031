/** An HTTPS probe's TLS handshake fails. */
import type { Facts } from "./facts.ts";
import { findingsBySeries } from "./probed.ts";
import type { Finding, Rule } from "./rule.ts";

export const probeTlsFailed: Rule = {
  id: "probe-tls-failed",
  severity: "critical",
  group: "health-probes",
  title: "The HTTPS probe's TLS handshake fails",
  cause:
    "The server refuses the probe's handshake: it requires a server name (probes send none), has a certificate signed with less than SHA-256, or supports no common version or cipher.",
  remedy:
    "Give the server a default certificate that needs no server name, with at least a SHA-256 signature, and leave TLS 1.2 on. A self-signed certificate is fine.",
  detection: "A TLS alert, RST or FIN between the ClientHello and the end of the handshake.",
  confirm: "openssl s_client -connect ADDRESS:PORT -noservername",
  source: "azure-docs issue 97795; RFC 8446 section 6",
  thresholds: [],
  find(facts: Facts): Iterable<Finding> {
    return findingsBySeries(
      facts,
      (probe) => probe.outcome === "tls-error",
      ({ vmAddress, vmPort }, _, told) => ({
        summary: `TLS handshakes of probes failed: ${told}.`,
        remedy: `Give the server on ${vmAddress}:${vmPort} a default certificate (SHA-256 or better) that it presents without a server name; test with "openssl s_client -connect ${vmAddress}:${vmPort} -noservername".`,
      }),
    );
  },
};
