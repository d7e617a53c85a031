/** Services that packets can belong to, as a command line names them. */
export const SERVICE_WORDS: readonly string[] = [
  "wireserver",
  "hostga-plugin",
  "dns",
  "dhcp",
  "health-probe",
  "icmp",
  "other",
];
