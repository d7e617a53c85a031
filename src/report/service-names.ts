/** The services, as reports and command lines name them. */
import type { ServiceName } from "./report.ts";

/** All of them, in the report's order. */
export const SERVICES: readonly ServiceName[] = [
  "wireserver",
  "hostga-plugin",
  "dns",
  "dhcp",
  "health-probe",
  "heartbeat",
  "icmp",
  "other",
];

/** Those that flows belong to: the heartbeat is part of the requests to others. */
export const FLOW_SERVICES: readonly ServiceName[] = SERVICES.filter((service) => service !== "heartbeat");
