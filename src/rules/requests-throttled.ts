/** 429, 503 or 403, many in a minute. */
import { findingsByKey, serverName, THROTTLE_STATUSES } from "./exchanges.ts";
import type { Facts, HttpFact } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, listed } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const requestsThrottled: Rule = {
  id: "requests-throttled",
  severity: "warning",
  group: "vm-agent",
  title: "The platform turns requests down for being too many",
  cause:
    "Something on the VM asks too often: several agents, a monitoring script, or telemetry beyond 15 calls in 15 seconds; or the host's service is overloaded.",
  remedy:
    'Find who asks: Linux "ss -tnp dst 168.63.129.16", Windows "Get-NetTCPConnection -RemoteAddress 168.63.129.16 | select OwningProcess"; stop or slow down what is not the agent. If it is the agent alone, wait; it tries again by itself.',
  detection: "At least six answers 429, 503 or 403 within a minute. Fewer are normal.",
  confirm: "Linux: \"grep -E '429|503|403' /var/log/waagent.log\".",
  source: "WALinuxAgent restutil.py and end-to-end tests (agent_log.py); issues 95 and 1544",
  thresholds: ["throttledMinimum", "throttledWindowMs"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    return findingsByKey(
      facts,
      facts.notableHttp,
      (exchange) => (exchange.status !== null && THROTTLE_STATUSES.includes(exchange.status) ? exchange.service : null),
      (group, found) => {
        const first = group[0];
        if (first === undefined || !crowded(group, thresholds)) return null;
        const statuses = listed(group.map((exchange) => exchange.status));
        return {
          summary: `${counted(found.count, "answer")} ${statuses} from ${serverName(first)}, at least ${thresholds.throttledMinimum} of them within ${thresholds.throttledWindowMs / 1000} s.`,
        };
      },
    );
  },
};

function crowded(group: readonly HttpFact[], thresholds: Thresholds): boolean {
  const span = thresholds.throttledMinimum - 1;
  return group.some((exchange, at) => {
    const first = group[at - span];
    if (first?.respondedNs == null || exchange.respondedNs === null) return false;
    return (exchange.respondedNs - first.respondedNs) / 1e6 <= thresholds.throttledWindowMs;
  });
}
