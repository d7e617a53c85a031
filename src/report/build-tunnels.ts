/** The platform's traffic within tunnels, as problems of the capture: it is there, and the report is silent about it. */
import { LinkType } from "../decode/link-type.ts";
import type { TunnelTally } from "../flow/tunnels.ts";
import type { CaptureProblem } from "./report.ts";

/** The problem's code: the headline looks for it. */
export const PLATFORM_IN_TUNNEL = "platform-in-tunnel";

export function tunnelProblems(tallies: readonly TunnelTally[]): CaptureProblem[] {
  return tallies.map(({ source, kind, linkType, headerBytes, frame, offset, count }) => ({
    source,
    code: PLATFORM_IN_TUNNEL,
    message: `Traffic with the platform address is within a ${kind} tunnel, first in frame ${frame}, and was not analysed. Capture on the VM's own NIC, or take the tunnel off: "editcap -L -C ${headerBytes} -T ${linkType === LinkType.ethernet ? "ether" : "rawip"} IN OUT".`,
    offsetBytes: offset,
    count,
  }));
}
