/** Other error answers, repeated and not followed by success. */
import { anyRow } from "../report/rows.ts";
import { findingsByKey, requestName, serverName, THROTTLE_STATUSES } from "./exchanges.ts";
import type { Facts, HttpFact } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, listed } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const hostError: Rule = {
  id: "host-error",
  severity: "warning",
  group: "vm-agent",
  title: "The platform answers with errors",
  cause:
    "The host's service fails at this operation: something upstream of it is missing (502: an artifact or status blob), the request is not supported there (404, 500 on vmSettings of Azure Stack Hub), or it is broken.",
  remedy:
    "See which operation and status it is. 502 on artifacts and status: check that the storage account and the SAS in the goal state are valid. 5xx that stay: redeploy the VM to another host, or open a platform ticket with this capture.",
  detection:
    "At least two answers with a status of 400 or more to one operation, and no success of that operation after them. 410, 403, 429, 503 and HostGAPlugin's 400 have rules of their own; 400 to a request without comp= is a test by hand and proves that the platform answers.",
  confirm: "Linux: \"grep -E 'HTTP (4|5)' /var/log/waagent.log\".",
  source: "WALinuxAgent common/utils/restutil.py, common/protocol/hostplugin.py; issue 3255",
  thresholds: ["hostErrorMinimum"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (!anyRow(facts.notableHttp, isError)) return [];
    const lastSuccess = new Map<string, number>();
    for (const exchange of facts.http) {
      if (exchange.status !== null && exchange.status < 400)
        lastSuccess.set(`${exchange.service} ${exchange.operation}`, exchange.id);
    }
    return findingsByKey(
      facts,
      facts.notableHttp,
      (exchange) => {
        const { status, operation, service } = exchange;
        if (!isError(exchange)) return null;
        if (status === 400 && (service === "hostga-plugin" || operation === null)) return null;
        const key = `${service} ${operation}`;
        return exchange.id > (lastSuccess.get(key) ?? -1) ? key : null;
      },
      (group, found) => {
        const first = group[0];
        if (first === undefined || group.length < thresholds.hostErrorMinimum) return null;
        const statuses = listed(group.map((exchange) => exchange.status));
        const code = group.find((exchange) => exchange.errorCode !== null)?.errorCode;
        return {
          summary: `${counted(found.count, "answer")} ${statuses} from ${serverName(first)} to ${requestName(first)}${code == null ? "" : ` (${code})`}, and no success after them.`,
        };
      },
    );
  },
};

/** An answer that is an error, and none of those that have a rule of their own. */
function isError({ status }: HttpFact): boolean {
  return status !== null && status >= 400 && status !== 410 && !THROTTLE_STATUSES.includes(status);
}
