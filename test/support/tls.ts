import { Duplex } from "node:stream";
import { connect, createServer, type SecureVersion } from "node:tls";

/** One end of a pair of sockets in memory that notes what is written to it. */
class RecordingEnd extends Duplex {
  readonly written: Uint8Array[] = [];
  peer: RecordingEnd | null = null;

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.written.push(Uint8Array.from(chunk));
    this.peer?.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    this.peer?.push(null);
    done();
  }
}

/** What both sides sent, and what Node's TLS says of it. */
export interface TlsConversation {
  client: Uint8Array;
  server: Uint8Array;
  /** Null when the handshake failed. */
  protocol: string | null;
  cipher: string | null;
}

/** A handshake between Node's own client and server with a shared key, and a request and answer when it succeeds. */
export async function tlsConversation(options: {
  clientVersion: SecureVersion;
  serverVersion: SecureVersion;
  /** First byte of the server's key; the client's is 1. */
  serverKey?: number;
  serverName?: string;
  applicationProtocols?: string[];
}): Promise<TlsConversation> {
  const { clientVersion, serverVersion, serverKey = 1, serverName, applicationProtocols = [] } = options;
  const clientEnd = new RecordingEnd();
  const serverEnd = new RecordingEnd();
  clientEnd.peer = serverEnd;
  serverEnd.peer = clientEnd;
  const common = {
    ciphers: "PSK-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256:@SECLEVEL=0",
    ALPNProtocols: applicationProtocols,
  };
  const server = createServer({
    ...common,
    minVersion: serverVersion,
    maxVersion: serverVersion,
    pskCallback: () => Buffer.alloc(32, serverKey),
  });
  const client = connect({
    socket: clientEnd,
    ...common,
    minVersion: clientVersion,
    maxVersion: clientVersion,
    ...(serverName !== undefined && { servername: serverName }),
    checkServerIdentity: () => undefined,
    pskCallback: () => ({ psk: Buffer.alloc(32, 1), identity: "vm" }),
  });
  const facts: { protocol: string | null; cipher: string | null } = { protocol: null, cipher: null };
  server.on("secureConnection", (socket) => socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\n\r\n")));
  server.on("tlsClientError", () => setImmediate(() => clientEnd.destroy())); // not every failure closes the pair
  client.on("secureConnect", () => {
    facts.protocol = client.getProtocol();
    facts.cipher = client.getCipher().standardName;
    client.end("GET / HTTP/1.1\r\n\r\n");
  });
  client.resume();
  server.emit("connection", serverEnd);
  await new Promise<void>((resolve) => {
    client.on("error", () => {});
    client.on("close", () => resolve());
  });
  return {
    ...facts,
    client: Uint8Array.from(Buffer.concat(clientEnd.written)),
    server: Uint8Array.from(Buffer.concat(serverEnd.written)),
  };
}
