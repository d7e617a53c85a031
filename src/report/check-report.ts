/**
 * What `vipscope check --format json` prints, version 1: the single source of its types and of the published JSON Schema. Fields may be
 * added; a field here keeps its name, type and meaning while `schemaVersion` is 1. Units and names are those of the report.
 */
import type { PacketRef, Report } from "./report.ts";

/** What the check found out, in one word. */
export type CheckVerdict =
  /** Everything that was tested does what it should. */
  | "working"
  /** The VM has no network interface that is up. */
  | "no-interface"
  /** No interface has an IPv4 address but a link-local one. */
  | "no-usable-address"
  /** The kernel has no route to the platform address, or one that forbids. */
  | "no-route"
  /** The route leaves by another NIC than the primary, or with an address that is not its primary one. */
  | "wrong-source"
  /** Shown by the VM's own rules, by packets that never reach the wire, or by answers that never reach the program. */
  | "blocked-on-vm"
  /** Beyond the VM: a reset or an ICMP error answers. */
  | "refused"
  /** Beyond the VM: what leaves is not answered. */
  | "unanswered"
  /** It works, but something else is wrong: a second hop, a proxy, no option 245, DNS alone. */
  | "degraded"
  /** It does not work, and what was permitted does not tell why. */
  | "unknown";

/** Names a test; the order is that of the report. */
export type CheckTestId =
  | "interfaces"
  | "address"
  | "primary-nic"
  | "route"
  | "tcp-80"
  | "tcp-32526"
  | "http-versions"
  | "hostga-versions"
  | "dns-udp"
  | "dns-tcp"
  | "dns-reverse"
  | "dhcp-lease"
  | "hops"
  | "secondary-nics"
  | "firewall"
  | "proxy";

/** not-available: this system or these rights do not allow it. skipped: an earlier test failed, or there is nothing to test. */
export type CheckResult = "passed" | "failed" | "warning" | "not-available" | "skipped";

/** The whole check. */
export interface CheckReport {
  schemaVersion: 1;
  tool: { name: "vipscope"; version: string };
  startedAt: string;
  durationMs: number;
  /** The platform address that was tested. */
  address: string;
  verdict: CheckVerdict;
  /** Those that the verdict is about; empty when working. */
  ports: number[];
  /** One sentence that a person can read. */
  summary: string;
  /** Null when working. */
  cause: string | null;
  /** What to do; commands stand in quotation marks. Null when working. */
  remedy: string | null;
  /** What it is not, a sentence each. */
  ruledOut: string[];
  /** One for each `CheckTestId`, in that order. */
  tests: CheckTest[];
  /** Null when nothing was captured. */
  capture: CheckCapture | null;
  /** Why nothing was captured, and how to allow it; null when it was, and when it was not wanted. */
  captureMissing: string | null;
  /** What the captured packets showed; null when nothing was captured. */
  report: Report | null;
}

/** How the check's own packets were captured. */
export interface CheckCapture {
  /** "cap", "tcpdump" or "dumpcap". */
  backend: string;
  packets: number;
}

/**
 * One test, with what it alone found.
 * @discriminator id
 */
export type CheckTest = { [Id in CheckTestId]: CheckTestOf<Id> }[CheckTestId];

/** The test with this id. */
export interface CheckTestOf<Id extends CheckTestId> {
  id: Id;
  result: CheckResult;
  /** One sentence that a person can read. */
  summary: string;
  durationMs: number;
  details: CheckDetails[Id];
  /** The packets that it sent and got, in order, by the sources of `CheckReport.report`; empty without a capture. */
  packets: PacketRef[];
}

/** What each test found. */
export interface CheckDetails {
  interfaces: InterfacesDetails;
  address: AddressDetails;
  "primary-nic": PrimaryNicDetails;
  route: RouteDetails;
  "tcp-80": ConnectDetails;
  "tcp-32526": ConnectDetails;
  "http-versions": HttpDetails;
  "hostga-versions": HttpDetails;
  "dns-udp": DnsDetails;
  "dns-tcp": DnsDetails;
  "dns-reverse": DnsDetails;
  "dhcp-lease": LeaseDetails;
  hops: HopsDetails;
  "secondary-nics": SecondaryNicsDetails;
  firewall: FirewallDetails;
  proxy: ProxyDetails;
}

/** All interfaces but loopback. */
export interface InterfacesDetails {
  interfaces: CheckedInterface[];
}

/** An interface, as the system describes it. */
export interface CheckedInterface {
  name: string;
  mac: string | null;
  /** Administratively up and with a carrier. */
  up: boolean;
  /** Made by software, and no NIC of the VM; null where the system does not tell. */
  virtual: boolean | null;
  addresses: string[];
}

/** Where an address was looked for. */
export interface AddressDetails {
  /** The interface whose address it is; null when none has a usable one. */
  interface: string | null;
  /** Usable IPv4 addresses of that interface. */
  usable: string[];
  /** Link-local ones (RFC 3927) of all NICs, as "NIC ADDRESS". */
  linkLocal: string[];
}

/** The NIC that platform traffic must leave by. */
export interface PrimaryNicDetails {
  /** Null when nothing tells which one it is; so are the others. */
  interface: string | null;
  mac: string | null;
  /** Its primary IPv4 address: the lease's, else the first one. */
  address: string | null;
  /** Its router: the default route's, else the first address of its network, as on Azure. */
  gateway: string | null;
  /** How it is known. */
  reason: string | null;
}

/** The way to the platform address that the kernel chooses. */
export interface RouteDetails {
  /** ip: `ip route get`. proc: /proc/net/route, and a socket for the source. socket: what a connected datagram socket says. Null when not tested. */
  method: "ip" | "proc" | "socket" | null;
  /** The NIC that it leaves by; null when there is no route, or with method "socket", which knows the source alone. */
  interface: string | null;
  /** Null when the address is on the link itself, or not known. */
  gateway: string | null;
  /** The source address that programs get unless they choose one. */
  source: string | null;
  /** What the kernel said when it has no route. */
  error: string | null;
}

/** How an attempt to reach a port ended, as the program sees it. not-permitted: the VM's own kernel forbade it. */
export type ConnectOutcome = "connected" | "refused" | "unanswered" | "unreachable" | "not-permitted" | "failed";

/** Connections that were tried, one after the other. */
export interface ConnectDetails {
  port: number;
  tries: ConnectTry[];
  /** Whether the next hop's hardware address is known, asked after a failure; null when it was not asked or cannot be told. */
  nextHop: "reachable" | "unreachable" | null;
}

/** One connection that was tried. */
export interface ConnectTry {
  localAddress: string | null;
  localPort: number | null;
  outcome: ConnectOutcome;
  /** Until it was connected, as this program saw it, which is busy with other tests; null when it never was. */
  connectMs: number | null;
  /** From the SYN to the ACK that completes the handshake, as captured; null without a capture, and when it never was complete. */
  wireMs: number | null;
  /** The system's error code, such as "ECONNREFUSED"; null when connected. */
  error: string | null;
}

/** One HTTP request. */
export interface HttpDetails {
  port: number;
  target: string;
  localPort: number | null;
  /** Null without an answer. */
  status: number | null;
  responseMs: number | null;
  bodyBytes: number | null;
  /** The versions that the answer lists. */
  versions: string[];
  /** The system's error code; null with an answer. */
  error: string | null;
}

/** One DNS question, asked of the platform address itself. */
export interface DnsDetails {
  transport: "udp" | "tcp";
  name: string;
  type: "A" | "PTR";
  localPort: number | null;
  /** Times that it was asked. */
  queries: number;
  /** Null without an answer. */
  rcode: string | null;
  responseMs: number | null;
  /** The data of the answer's records, at most eight. */
  answers: string[];
  /** The system's error code; null with an answer, and with silence "ETIMEDOUT". */
  error: string | null;
}

/** Leases that were found on disk. */
export interface LeaseDetails {
  leases: CheckedLease[];
  /** The one that counts, an index into `leases`; null without one. */
  current: number | null;
}

/** One lease. */
export interface CheckedLease {
  file: string;
  client: "dhclient" | "systemd-networkd" | "network-manager" | "cloud-init";
  interface: string | null;
  address: string | null;
  /** Option 245: an address, "malformed", or null without it. */
  platformAddress: string | null;
}

/** How far away the platform is. */
export interface HopsDetails {
  /** traceroute: `traceroute -T`. dns: DNS queries with rising TTL. Null when neither could be done. */
  method: "traceroute" | "dns" | null;
  port: number | null;
  /** 1: no router in between. Null when not known. */
  hops: number | null;
  /** Who answered at each hop, null for silence; empty with method "dns", which learns the number alone. */
  path: (string | null)[];
}

/** What happens to traffic that is bound to a further NIC's address. */
export interface SecondaryNicsDetails {
  nics: CheckedNic[];
}

/** A NIC that is not the primary one. */
export interface CheckedNic {
  interface: string;
  address: string;
  /** The NIC by which the kernel sends what is bound to this address; null when not known. */
  leavesBy: string | null;
  outcome: ConnectOutcome;
  connectMs: number | null;
  localPort: number | null;
}

/** Rules of the VM's firewall that touch the platform's traffic. */
export interface FirewallDetails {
  /** Programs whose rules were read: "iptables", "ip6tables", "nft". */
  read: string[];
  /** The VM agent's own rules are there, which keep all users but root from WireServer and HostGAPlugin. */
  agentRules: boolean;
  findings: FirewallFinding[];
}

/** A rule, and what it does to the platform's traffic. */
export interface FirewallFinding {
  /** may-drop: whether it applies depends on something that cannot be told from the rule alone. */
  effect: "drops" | "rejects" | "redirects" | "may-drop";
  direction: "outbound" | "inbound";
  protocol: "tcp" | "udp";
  /** The platform's port. */
  port: number;
  /** Where it stands, such as "iptables filter OUTPUT". */
  place: string;
  /** The rule in its program's own words. */
  rule: string;
  /** The command that takes it away, or lets this traffic pass before it. */
  command: string;
}

/** Proxies that the environment names. */
export interface ProxyDetails {
  settings: ProxySetting[];
  /** The variable whose proxy would get requests for the platform; null when none would. */
  catchingVariable: string | null;
}

/** A variable that names a proxy, or what goes past it. */
export interface ProxySetting {
  variable: string;
  /** Without user name and password. */
  value: string;
  /** "environment" or a file. */
  origin: string;
}
