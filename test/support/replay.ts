/** Packets of a capture played again. */

const TCP = 6;
const UDP = 17;
const PROTOCOL_AT = 23;
const PORTS_AT = 34;
const FIRST_CLIENT_PORT = 32_768;
/** Ports that one copy moves on, and after how many copies they begin anew. */
const COPY_PORTS = 131;
const PORT_COPIES = 240;

/** The same packet in another copy of its capture: with client ports and sequence numbers of its own, so that connections are new ones. */
export function asCopy(packet: Uint8Array, number: number): Uint8Array {
  const bytes = Uint8Array.from(packet);
  const view = new DataView(bytes.buffer);
  const protocol = bytes[PROTOCOL_AT];
  if (protocol !== TCP && protocol !== UDP) return bytes;
  for (const at of [PORTS_AT, PORTS_AT + 2]) {
    const port = view.getUint16(at);
    if (port < FIRST_CLIENT_PORT) continue;
    const moved = port - FIRST_CLIENT_PORT + (number % PORT_COPIES) * COPY_PORTS;
    view.setUint16(at, FIRST_CLIENT_PORT + (moved % (65_536 - FIRST_CLIENT_PORT)));
  }
  if (protocol === TCP)
    for (const at of [PORTS_AT + 4, PORTS_AT + 8]) view.setUint32(at, view.getUint32(at) + number * 100_003);
  return bytes;
}
