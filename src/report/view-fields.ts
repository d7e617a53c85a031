/** What rows of a screen can be sorted and filtered by, as data for its columns, its help and whoever answers. */
import type { TableName } from "./view-source.ts";

/** Columns that a table can be sorted by; `time` is the order of first packets. */
export const SORT_COLUMNS: Readonly<Record<TableName, readonly string[]>> = {
  flows: [
    "time",
    "initiator",
    "service",
    "protocol",
    "nic",
    "vm",
    "platform",
    "state",
    "rtt",
    "packets",
    "bytes",
    "duration",
    "anomalies",
  ],
  dns: ["time", "name", "type", "transport", "outcome", "rcode", "response", "retries", "flow"],
  dhcp: ["time", "kind", "outcome", "client", "address", "server", "lease", "host", "duration"],
  http: ["time", "method", "target", "host", "operation", "status", "response", "bytes", "service", "nic", "flow"],
  probes: ["vm", "kind", "path", "probes", "succeeded", "failed", "interval", "outcome"],
};

/** A field of the filter language. */
export interface FilterField {
  readonly name: string;
  /** What it finds, for help. */
  readonly help: string;
  /** A number that can be compared: `packets:>10`. */
  readonly number: boolean;
}

/** Every field, in the order of help. Not each applies to each table. */
export const FILTER_FIELDS: readonly FilterField[] = [
  field("service", "wireserver, hostga-plugin, dns, dhcp, health-probe, icmp, other"),
  field("protocol", "tcp, udp, icmp"),
  field("nic", "the NIC's name"),
  field("vm", "the VM's address, with or without a port"),
  field("platform", "the platform's address, with or without a port"),
  number("port", "a port of either side"),
  field("mac", "a hardware address of either side"),
  field("state", "established, refused, unanswered, rejected, half-open, mid-stream, answered, reset, open"),
  field("initiator", "who began: vm, platform"),
  field("anomaly", "critical, warning, notice, a rule, or any"),
  field("name", "a DNS name"),
  field("type", "a DNS type: A, AAAA"),
  field("rcode", "NOERROR, NXDOMAIN, SERVFAIL, REFUSED"),
  field("outcome", "how a transaction or probe ended"),
  field("method", "an HTTP method"),
  field("target", "a request target"),
  field("host", "an HTTP host, or a DHCP client's name"),
  field("operation", "versions, goal-state, report-health, vm-settings"),
  number("status", "an HTTP status: 404, 5xx, >=500"),
  field("kind", "a DHCP exchange's or probe's kind"),
  field("client", "a DHCP client's hardware address"),
  number("response", "milliseconds to the answer"),
  number("retries", "repeated questions"),
  number("rtt", "median round trip in milliseconds"),
  number("duration", "milliseconds from first to last packet"),
  number("packets", "packets in both directions"),
  number("bytes", "bytes in both directions"),
  number("flow", "a flow's id"),
];

function field(name: string, help: string): FilterField {
  return { name, help, number: false };
}

function number(name: string, help: string): FilterField {
  return { name, help, number: true };
}
