/** Names of TLS numbers, from the IANA registry "Transport Layer Security (TLS) Parameters". Unknown numbers keep their value in the text. */

const VERSIONS: Readonly<Record<number, string>> = {
  768: "SSL 3.0",
  769: "TLS 1.0",
  770: "TLS 1.1",
  771: "TLS 1.2",
  772: "TLS 1.3",
};

/** RFC 8446 section 6, with the older ones that it lists as reserved. */
const ALERTS: Readonly<Record<number, string>> = {
  0: "close_notify",
  10: "unexpected_message",
  20: "bad_record_mac",
  21: "decryption_failed",
  22: "record_overflow",
  30: "decompression_failure",
  40: "handshake_failure",
  41: "no_certificate",
  42: "bad_certificate",
  43: "unsupported_certificate",
  44: "certificate_revoked",
  45: "certificate_expired",
  46: "certificate_unknown",
  47: "illegal_parameter",
  48: "unknown_ca",
  49: "access_denied",
  50: "decode_error",
  51: "decrypt_error",
  60: "export_restriction",
  70: "protocol_version",
  71: "insufficient_security",
  80: "internal_error",
  86: "inappropriate_fallback",
  90: "user_canceled",
  100: "no_renegotiation",
  109: "missing_extension",
  110: "unsupported_extension",
  111: "certificate_unobtainable",
  112: "unrecognized_name",
  113: "bad_certificate_status_response",
  114: "bad_certificate_hash_value",
  115: "unknown_psk_identity",
  116: "certificate_required",
  120: "no_application_protocol",
  121: "ech_required",
};

const HANDSHAKE_TYPES: Readonly<Record<number, string>> = {
  0: "hello_request",
  1: "client_hello",
  2: "server_hello",
  3: "hello_verify_request",
  4: "new_session_ticket",
  5: "end_of_early_data",
  8: "encrypted_extensions",
  11: "certificate",
  12: "server_key_exchange",
  13: "certificate_request",
  14: "server_hello_done",
  15: "certificate_verify",
  16: "client_key_exchange",
  20: "finished",
  21: "certificate_url",
  22: "certificate_status",
  24: "key_update",
};

/** "TLS 1.2", ... or "0x0a0a". */
export function tlsVersionText(version: number): string {
  return VERSIONS[version] ?? `0x${version.toString(16).padStart(4, "0")}`;
}

/** "handshake_failure", ... or "alert-200". */
export function tlsAlertText(description: number): string {
  return ALERTS[description] ?? `alert-${description}`;
}

/** "client_hello", ... or "handshake-99". */
export function tlsHandshakeText(type: number): string {
  return HANDSHAKE_TYPES[type] ?? `handshake-${type}`;
}
