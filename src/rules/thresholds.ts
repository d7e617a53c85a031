/** Every threshold of the rules, with its unit in the name. A configuration file may set any of them. */
export interface Thresholds {
  /** SYNs of one connection, the first included, before silence is a fault: one SYN may be lost by chance. */
  readonly handshakeMinimumSyns: number;
}

/** Values and where they come from. */
export const DEFAULT_THRESHOLDS: Thresholds = {
  handshakeMinimumSyns: 2,
};
