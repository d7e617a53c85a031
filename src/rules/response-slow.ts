/** The answer takes long. */
import { isBeforeJump } from "./claim-limits.ts";
import { findingsByKey, requestName, serverName } from "./exchanges.ts";
import type { Facts } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, duration } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const responseSlow: Rule = {
  id: "response-slow",
  severity: "warning",
  group: "vm-agent",
  title: "Answers are slow",
  cause: "The host's service is under load, or waits for something upstream (storage for artifacts and status).",
  remedy:
    "Single slow answers mend themselves. If they stay: note the time and the operation, check the host's health in Azure Resource Health, and redeploy the VM to another host.",
  detection: "More than three seconds between the request's last byte and the answer's first.",
  confirm: "curl -w '%{time_starttransfer}\\n' -o /dev/null -s -H Metadata:true http://168.63.129.16/?comp=versions",
  source:
    "Packet traces of Azure VMs: answers within milliseconds; WALinuxAgent restutil.py gives up after ten seconds",
  thresholds: ["responseSlowMs"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    return findingsByKey(
      facts,
      facts.notableHttp,
      (exchange) =>
        exchange.responseMs !== null &&
        exchange.responseMs > thresholds.responseSlowMs &&
        !isBeforeJump(facts, exchange.requestedNs ?? 0, exchange.responseMs)
          ? exchange.service
          : null,
      (group, found) => {
        const slowest = group.reduce((most, exchange) =>
          (exchange.responseMs ?? 0) > (most.responseMs ?? 0) ? exchange : most,
        );
        return {
          summary: `${counted(found.count, "slow answer")} of ${serverName(slowest)}; the slowest took ${duration(slowest.responseMs ?? 0)} (${requestName(slowest)}).`,
        };
      },
    );
  },
};
