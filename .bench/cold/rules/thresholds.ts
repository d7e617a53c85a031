/**
 * Every threshold of the rules, with its unit in the name. A configuration file may set any of them.
 * Values without another source are chosen so that the healthy patterns of the platform's documentation stay silent.
 */
export interface Thresholds {
  /** SYNs of one connection, the first included, before silence is a fault: a single SYN may be lost by chance. */
  readonly handshakeMinimumSyns: number;
  /** Time after a SYN or query in which silence at the end of the capture means nothing yet. RFC 6298 section 2.1: first timeout one second. */
  readonly handshakePatienceMs: number;
  /** A handshake that takes longer is slow; in the region it takes about a millisecond. */
  readonly handshakeSlowMs: number;
  /** How often data must be sent again without an acknowledgment before the connection counts as stalled. */
  readonly stalledMinimumRetransmissions: number;
  /** And for how long. The agent gives up after ten seconds. */
  readonly stalledMinimumMs: number;
  /** Share of a service's data segments that were retransmitted, in percent. */
  readonly lossPercent: number;
  /** And their least number: a handful proves nothing. */
  readonly lossMinimumSegments: number;
  /** Likewise for segments out of order. */
  readonly reorderingPercent: number;
  readonly reorderingMinimumSegments: number;
  /** A receiver's window that stays closed for so long stops the sender noticeably. */
  readonly zeroWindowMs: number;
  /** Retransmissions of large segments, while small ones pass, before the path MTU is suspected. */
  readonly pathMtuMinimumRetransmissions: number;
  /** Payload from which a segment counts as large: above what the smallest usual tunnel (1280 bytes, RFC 8200 section 5) carries. */
  readonly pathMtuLargeBytes: number;
  /** TTLs that senders start with; one less means a hop. RFC 1700 recommends 64; Windows uses 128, routers 255. */
  readonly initialTimeToLives: readonly number[];

  /** Period of the agent's goal state polling: Extensions.GoalStatePeriod of the Linux agent. */
  readonly agentPollMs: number;
  /** Polling periods without a request before silence is worth a warning. */
  readonly agentSilentPeriods: number;
  /** And at least this long. */
  readonly agentSilentMs: number;
  /** Requests of a regular series before its end can be noticed. */
  readonly heartbeatMinimumRequests: number;
  /** Periods without a request at the end of the capture. */
  readonly heartbeatStoppedPeriods: number;
  /** The agent's own time-out for a request. */
  readonly requestUnansweredMs: number;
  /** A slower answer is worth a warning. */
  readonly responseSlowMs: number;
  /** 410 answers without a goal state fetched in between. The agent's own tests accept one. */
  readonly goalStateGoneMinimum: number;
  /** 400 answers of HostGAPlugin. The agent's own tests accept one. */
  readonly containerMismatchMinimum: number;
  /** 429, 503 and 403 answers within `throttledWindowMs`. The agent's own tests accept fewer than six. */
  readonly throttledMinimum: number;
  readonly throttledWindowMs: number;
  /** Other 4xx and 5xx answers to one operation, not followed by success. */
  readonly hostErrorMinimum: number;

  /** Queries of one question, the first included, before silence is a fault. */
  readonly dnsMinimumQueries: number;
  /** Time in which silence at the end of the capture means nothing yet: glibc's time-out (resolv.conf(5)). */
  readonly dnsPatienceMs: number;
  /** The platform's limit of queries a second for one VM. */
  readonly dnsQueriesPerSecond: number;
  /** The platform's limit of queries waiting at once for one VM. */
  readonly dnsPendingQueries: number;
  readonly dnsSlowMs: number;
  /** A stub resolver's time-out: the gap by which a lost half of an A and AAAA pair shows. */
  readonly dnsRaceRetryMs: number;
  /** How far from that gap it may be. */
  readonly dnsRaceToleranceMs: number;
  /** Time after a truncated answer in which the retry over TCP must begin. */
  readonly dnsTcpRetryMs: number;

  /** DHCP messages of one kind, the first included, before silence is a fault. */
  readonly dhcpMinimumMessages: number;
  /** Time in which silence at the end of the capture means nothing yet. RFC 2131 section 4.1: first retry after four seconds, give or take one. */
  readonly dhcpPatienceMs: number;

  /** The load balancer's default probe interval, for series too short to show their own. */
  readonly probeIntervalMs: number;
  /** Changes to down and up again. */
  readonly probeFlappingMinimum: number;
  /** Intervals without a probe, while the capture goes on. */
  readonly probeStoppedIntervals: number;
  /** Probes of a series before its end can be noticed. */
  readonly probeStoppedMinimumProbes: number;

  /** Share of conversations that show one direction alone, in percent. */
  readonly oneWayPercent: number;
  /** And their least number. */
  readonly oneWayMinimumFlows: number;
  /** Share of packets that were cut short, in percent, before it is worth a word. */
  readonly truncatedPercent: number;
}

/** The values that hold unless a configuration file says otherwise. */
export const DEFAULT_THRESHOLDS: Thresholds = {
  handshakeMinimumSyns: 2,
  handshakePatienceMs: 1_000,
  handshakeSlowMs: 1_000,
  stalledMinimumRetransmissions: 3,
  stalledMinimumMs: 2_000,
  lossPercent: 3,
  lossMinimumSegments: 10,
  reorderingPercent: 3,
  reorderingMinimumSegments: 10,
  zeroWindowMs: 1_000,
  pathMtuMinimumRetransmissions: 2,
  pathMtuLargeBytes: 1_200,
  initialTimeToLives: [64, 128, 255],
  agentPollMs: 6_000,
  agentSilentPeriods: 3,
  agentSilentMs: 60_000,
  heartbeatMinimumRequests: 4,
  heartbeatStoppedPeriods: 5,
  requestUnansweredMs: 10_000,
  responseSlowMs: 3_000,
  goalStateGoneMinimum: 2,
  containerMismatchMinimum: 2,
  throttledMinimum: 6,
  throttledWindowMs: 60_000,
  hostErrorMinimum: 2,
  dnsMinimumQueries: 2,
  dnsPatienceMs: 5_000,
  dnsQueriesPerSecond: 1_000,
  dnsPendingQueries: 200,
  dnsSlowMs: 1_000,
  dnsRaceRetryMs: 5_000,
  dnsRaceToleranceMs: 250,
  dnsTcpRetryMs: 5_000,
  dhcpMinimumMessages: 2,
  dhcpPatienceMs: 5_000,
  probeIntervalMs: 5_000,
  probeFlappingMinimum: 2,
  probeStoppedIntervals: 3,
  probeStoppedMinimumProbes: 4,
  oneWayPercent: 90,
  oneWayMinimumFlows: 3,
  truncatedPercent: 1,
};
