/** What the way a connection opened says of the service that it was for. */
import type { TcpOutcome } from "./report.ts";

/** The connection came to be, also when its opening was not captured. */
export function cameToBe(outcome: TcpOutcome): boolean {
  return outcome === "established" || outcome === "mid-stream";
}

/** A RST or an ICMP error answered the SYN: nothing more is to be waited for. */
export function wasTurnedDown(outcome: TcpOutcome): boolean {
  return outcome === "refused" || outcome === "rejected";
}
