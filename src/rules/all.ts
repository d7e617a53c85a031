/** Every rule, in the order of the catalogue. */
import { agentDhcpProbe } from "./agent-dhcp-probe.ts";
import { agentNotReady } from "./agent-not-ready.ts";
import { agentSilent } from "./agent-silent.ts";
import { asymmetricPath } from "./asymmetric-path.ts";
import { captureClockJump } from "./capture-clock-jump.ts";
import { captureDroppedPackets } from "./capture-dropped-packets.ts";
import { captureDuplicates } from "./capture-duplicates.ts";
import { captureOneWay } from "./capture-one-way.ts";
import { captureTruncatedPackets } from "./capture-truncated-packets.ts";
import { connectionReset } from "./connection-reset.ts";
import { connectionStalled } from "./connection-stalled.ts";
import { containerMismatch } from "./container-mismatch.ts";
import { containerSource } from "./container-source.ts";
import { dhcpForeignServer } from "./dhcp-foreign-server.ts";
import { dhcpNoPlatformOption } from "./dhcp-no-platform-option.ts";
import { dhcpRefused } from "./dhcp-refused.ts";
import { dhcpReplyIgnored } from "./dhcp-reply-ignored.ts";
import { dhcpUnanswered } from "./dhcp-unanswered.ts";
import { dnsConntrackRace } from "./dns-conntrack-race.ts";
import { dnsMismatchedAnswer } from "./dns-mismatched-answer.ts";
import { dnsNxdomain } from "./dns-nxdomain.ts";
import { dnsPolicyBlocked } from "./dns-policy-blocked.ts";
import { dnsPrivateZone } from "./dns-private-zone.ts";
import { dnsRefused } from "./dns-refused.ts";
import { dnsRejected } from "./dns-rejected.ts";
import { dnsReverseLookup } from "./dns-reverse-lookup.ts";
import { dnsServfail } from "./dns-servfail.ts";
import { dnsSlow } from "./dns-slow.ts";
import { dnsTcpBlocked } from "./dns-tcp-blocked.ts";
import { dnsThrottled } from "./dns-throttled.ts";
import { dnsUnanswered } from "./dns-unanswered.ts";
import { goalStateGone } from "./goal-state-gone.ts";
import { handshakeHalfOpen } from "./handshake-half-open.ts";
import { handshakeRefused } from "./handshake-refused.ts";
import { handshakeRejected } from "./handshake-rejected.ts";
import { handshakeSlow } from "./handshake-slow.ts";
import { handshakeUnanswered } from "./handshake-unanswered.ts";
import { heartbeatStopped } from "./heartbeat-stopped.ts";
import { hostError } from "./host-error.ts";
import { nonPrimaryNicSource } from "./non-primary-nic-source.ts";
import { packetLoss } from "./packet-loss.ts";
import { packetsReordered } from "./packets-reordered.ts";
import { pathMtu } from "./path-mtu.ts";
import { platformTtlChange } from "./platform-ttl-change.ts";
import { portNotServed } from "./port-not-served.ts";
import { probeFlapping } from "./probe-flapping.ts";
import { probeHttpError } from "./probe-http-error.ts";
import { probeRefused } from "./probe-refused.ts";
import { probeReset } from "./probe-reset.ts";
import { probeStopped } from "./probe-stopped.ts";
import { probeTimeout } from "./probe-timeout.ts";
import { probeTlsFailed } from "./probe-tls-failed.ts";
import { probeUnanswered } from "./probe-unanswered.ts";
import { requestUnanswered } from "./request-unanswered.ts";
import { requestsThrottled } from "./requests-throttled.ts";
import { responseSlow } from "./response-slow.ts";
import type { Rule } from "./rule.ts";
import { secondaryAddressSource } from "./secondary-address-source.ts";
import { secretsInCapture } from "./secrets-in-capture.ts";
import { synAckIgnored } from "./syn-ack-ignored.ts";
import { unexpectedPlatformMac } from "./unexpected-platform-mac.ts";
import { zeroWindow } from "./zero-window.ts";

export const RULES: readonly Rule[] = [
  nonPrimaryNicSource,
  secondaryAddressSource,
  asymmetricPath,
  unexpectedPlatformMac,
  platformTtlChange,
  containerSource,
  handshakeUnanswered,
  handshakeRefused,
  handshakeRejected,
  synAckIgnored,
  handshakeSlow,
  handshakeHalfOpen,
  connectionReset,
  connectionStalled,
  packetLoss,
  packetsReordered,
  zeroWindow,
  pathMtu,
  portNotServed,
  agentSilent,
  heartbeatStopped,
  agentNotReady,
  requestUnanswered,
  responseSlow,
  goalStateGone,
  containerMismatch,
  requestsThrottled,
  hostError,
  secretsInCapture,
  dnsUnanswered,
  dnsRejected,
  dnsThrottled,
  dnsServfail,
  dnsRefused,
  dnsNxdomain,
  dnsSlow,
  dnsTcpBlocked,
  dnsConntrackRace,
  dnsPolicyBlocked,
  dnsPrivateZone,
  dnsMismatchedAnswer,
  dnsReverseLookup,
  dhcpUnanswered,
  dhcpReplyIgnored,
  dhcpRefused,
  dhcpForeignServer,
  dhcpNoPlatformOption,
  agentDhcpProbe,
  probeRefused,
  probeUnanswered,
  probeHttpError,
  probeTimeout,
  probeReset,
  probeTlsFailed,
  probeFlapping,
  probeStopped,
  captureOneWay,
  captureDroppedPackets,
  captureTruncatedPackets,
  captureDuplicates,
  captureClockJump,
];
