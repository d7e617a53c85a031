/** The two hellos of a TLS handshake, RFC 8446 sections 4.1.2 and 4.1.3, RFC 5246 section 7.4.1; extensions of RFC 6066 and RFC 7301. */
import { ByteReader } from "../bytes/reader.ts";
import { safeText } from "../bytes/text.ts";

const EXTENSION_SERVER_NAME = 0;
const EXTENSION_ALPN = 16;
const EXTENSION_SUPPORTED_VERSIONS = 43;
const NAME_TYPE_HOST = 0;
const RANDOM_BYTES = 32;

/** First word of the random value that marks a HelloRetryRequest (RFC 8446 section 4.1.3); the rest is as improbable. */
const RETRY_RANDOM_START = 0xcf21ad74;

/** What a client offers. */
export interface TlsClientHello {
  /** legacy_version: the highest below TLS 1.3. */
  legacyVersion: number;
  /** Of the supported_versions extension; empty without it, which means that TLS 1.3 is not offered. */
  supportedVersions: number[];
  /** Null without the extension: the load balancer's HTTPS probe sends none. */
  serverName: string | null;
  /** Protocol names as text, in the client's order of preference. */
  applicationProtocols: string[];
  /** False when the message ends early or contradicts its lengths; what was read before is there. */
  sound: boolean;
}

/** What a server chose. */
export interface TlsServerHello {
  /** The version in use: of the supported_versions extension, or legacy_version without it. */
  version: number;
  cipherSuite: number;
  /** True for a HelloRetryRequest: the client is to say hello again. */
  retry: boolean;
  applicationProtocol: string | null;
  sound: boolean;
}

/** Decodes the ClientHello `view[start, end)`, which begins behind the handshake header; null when not even its version is there. */
export function decodeClientHello(view: DataView, start: number, end: number): TlsClientHello | null {
  const reader = new ByteReader(view, start, end);
  const legacyVersion = reader.u16();
  if (reader.cut) return null;
  const hello: TlsClientHello = {
    legacyVersion,
    supportedVersions: [],
    serverName: null,
    applicationProtocols: [],
    sound: true,
  };
  reader.skip(RANDOM_BYTES);
  reader.skip(reader.u8()); // legacy_session_id
  reader.skip(reader.u16()); // cipher_suites
  reader.skip(reader.u8()); // legacy_compression_methods
  hello.sound = readExtensions(reader, (type, extension) => {
    if (type === EXTENSION_SERVER_NAME) hello.serverName ??= serverName(extension);
    else if (type === EXTENSION_ALPN) hello.applicationProtocols = protocolNames(extension);
    else if (type === EXTENSION_SUPPORTED_VERSIONS) hello.supportedVersions = versions(extension);
  });
  return hello;
}

/** Decodes the ServerHello `view[start, end)`, which begins behind the handshake header; null when its cipher is not there. */
export function decodeServerHello(view: DataView, start: number, end: number): TlsServerHello | null {
  const reader = new ByteReader(view, start, end);
  const version = reader.u16();
  const randomStart = reader.take(RANDOM_BYTES);
  reader.skip(reader.u8()); // legacy_session_id_echo
  const cipherSuite = reader.u16();
  if (reader.cut) return null;
  const hello: TlsServerHello = {
    version,
    cipherSuite,
    retry: randomStart >= 0 && view.getUint32(randomStart) === RETRY_RANDOM_START,
    applicationProtocol: null,
    sound: true,
  };
  reader.skip(1); // legacy_compression_method
  hello.sound = readExtensions(reader, (type, extension) => {
    if (type === EXTENSION_ALPN) hello.applicationProtocol = protocolNames(extension)[0] ?? null;
    else if (type === EXTENSION_SUPPORTED_VERSIONS && extension.availableBytes >= 2) hello.version = extension.u16();
  });
  return hello;
}

/** Gives each extension to `take`; false when the message is cut or its lengths contradict each other. Old hellos have none. */
function readExtensions(reader: ByteReader, take: (type: number, extension: ByteReader) => void): boolean {
  if (!reader.cut && reader.availableBytes === 0) return true;
  const listEnd = reader.position + 2 + reader.u16();
  if (reader.cut) return false;
  while (reader.position < Math.min(listEnd, reader.end)) {
    const type = reader.u16();
    const lengthBytes = reader.u16();
    const start = reader.take(lengthBytes);
    if (start < 0) return false;
    take(type, new ByteReader(reader.view, start, start + lengthBytes));
  }
  return reader.position === listEnd;
}

/** RFC 6066 section 3. */
function serverName(extension: ByteReader): string | null {
  extension.u16();
  while (extension.availableBytes > 0) {
    const type = extension.u8();
    const lengthBytes = extension.u16();
    const start = extension.take(lengthBytes);
    if (start < 0) return null;
    if (type === NAME_TYPE_HOST) return safeText(extension.view, start, start + lengthBytes);
  }
  return null;
}

/** RFC 7301 section 3.1. */
function protocolNames(extension: ByteReader): string[] {
  const names: string[] = [];
  extension.u16();
  while (extension.availableBytes > 0) {
    const lengthBytes = extension.u8();
    const start = extension.take(lengthBytes);
    if (start < 0) break;
    names.push(safeText(extension.view, start, start + lengthBytes));
  }
  return names;
}

/** RFC 8446 section 4.2.1. */
function versions(extension: ByteReader): number[] {
  const list: number[] = [];
  extension.u8();
  while (extension.availableBytes >= 2) list.push(extension.u16());
  return list;
}
