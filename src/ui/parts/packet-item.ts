/** A packet as an item of a page: Enter opens it, `y` copies its number. */

import type { PacketRef } from "../../report/report.ts";
import type { Target } from "../body.ts";

export function packetTarget(packet: PacketRef): Target {
  return { page: { kind: "packet", packet }, copy: { text: String(packet.frame), what: "packet number" } };
}
