/** Every rule, in the order of the catalogue. */
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
  captureOneWay,
  captureDroppedPackets,
  captureTruncatedPackets,
  captureDuplicates,
  captureClockJump,
];
