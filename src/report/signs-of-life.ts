/** Which requests are the agent's signs of life: its polling, its heartbeat and its health reports. */

/** A regular activity of the VM agent. */
export type SignOfLife =
  | "goal-state-poll"
  | "vm-settings-poll"
  | "plugin-heartbeat"
  | "health-service"
  | "health-report";

/** By service and operation, a space between them. */
export const SIGNS_OF_LIFE: ReadonlyMap<string, SignOfLife> = new Map<string, SignOfLife>([
  ["wireserver goal-state", "goal-state-poll"],
  ["hostga-plugin vm-settings", "vm-settings-poll"],
  ["hostga-plugin health", "plugin-heartbeat"],
  ["wireserver health-service", "health-service"],
  ["wireserver report-health", "health-report"],
]);
