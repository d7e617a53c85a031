import type { Packet } from "../decode/packet.ts";

/** What flow tracking tells the stage after it. Views are valid during the call alone: copy what is kept. */
export interface ConversationListener {
  /** A new flow stands in the flow table. Answers whether its payload is wanted: streams of others are not put together. */
  opened(flow: number): boolean;
  /** A UDP datagram, put together when it was fragmented. `whole` is false when the capture cut it; `layers` tell its addresses. */
  datagram(
    flow: number,
    toPlatform: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    end: number,
    whole: boolean,
    layers: Packet,
  ): void;
  /** The next bytes of one direction of a TCP stream, in order and once; `packet` is the one that brought the last of them. */
  stream(
    flow: number,
    toPlatform: boolean,
    packet: number,
    atNs: number,
    view: DataView,
    start: number,
    end: number,
  ): void;
  /** So many bytes of the stream will never come: cut by the snap length, not captured, or given up by a bound. */
  gap(flow: number, toPlatform: boolean, packet: number, atNs: number, bytes: number): void;
  /** One direction was closed by FIN (all its bytes were delivered), or both by RST or by the end of the flow's time. */
  closed(flow: number, toPlatform: boolean, packet: number, atNs: number, how: "fin" | "reset" | "let-go"): void;
  /** The flow leaves the table (its row may be used again): summarise it now. Called in bounded and live sessions alone. */
  released(flow: number): void;
}
