/** How long clients wait for an answer: what began more shortly before the end of a capture, and has none yet, has not failed. */

/** A request of the agent: WALinuxAgent's time-out. */
export const REQUEST_WAIT_MS = 10_000;
/** A SYN: the third of a Linux client comes after this time. */
export const SYN_WAIT_MS = 3_000;
/** A DNS client before it asks again or gives up: glibc's default. */
export const DNS_CLIENT_WAIT_MS = 5_000;
/** A DHCP client before it asks again or goes on: WALinuxAgent's receive time-out, and dhclient's first waits. */
export const DHCP_CLIENT_WAIT_MS = 10_000;
/** A DNS or DHCP client that has asked so often without any answer is not merely waiting. */
export const PATIENT_TRIES = 3;
