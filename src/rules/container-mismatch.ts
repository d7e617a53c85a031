/** HostGAPlugin answers 400 again and again. */
import { anyRow } from "../report/rows.ts";
import { findingsByKey } from "./exchanges.ts";
import type { Facts, HttpFact } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const containerMismatch: Rule = {
  id: "container-mismatch",
  severity: "warning",
  group: "vm-agent",
  title: "HostGAPlugin does not accept the VM's identity",
  cause:
    "The container id that the agent sends is stale (the VM was moved), or the request comes from another NIC or address than the one that the container id belongs to.",
  remedy:
    'Restart the agent so that it fetches a new goal state; if 400 goes on, see that requests leave from the primary address of the primary NIC: "ip route get 168.63.129.16" (Linux), Find-NetRoute -RemoteIPAddress 168.63.129.16 (Windows).',
  detection:
    "At least two answers 400 from tcp/32526 without a later success of the same operation. 400 on an artifact download is a cache miss of the host and is left out unless the answer names the container.",
  confirm: "Linux: \"grep -E 'InvalidContainerConfiguration|ValidateIpAddress' /var/log/waagent.log\".",
  source: "WALinuxAgent restutil.py, issues 1294 and 632",
  thresholds: ["containerMismatchMinimum"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (!anyRow(facts.notableHttp, isBadRequest)) return [];
    const lastSuccess = new Map<string | null, number>();
    for (const exchange of facts.http) {
      if (exchange.service === "hostga-plugin" && exchange.status !== null && exchange.status < 400)
        lastSuccess.set(exchange.operation, exchange.id);
    }
    return findingsByKey(
      facts,
      facts.notableHttp,
      (exchange) => {
        if (!isBadRequest(exchange)) return null;
        const named = exchange.errorCode?.includes("Container") === true;
        if (exchange.operation === "extension-artifact" && !named) return null;
        return exchange.id > (lastSuccess.get(exchange.operation) ?? -1) ? "400" : null;
      },
      (group, found) => {
        if (group.length < thresholds.containerMismatchMinimum) return null;
        const code = group.find((exchange) => exchange.errorCode !== null)?.errorCode;
        return {
          summary: `${counted(found.count, "answer")} 400 from HostGAPlugin (tcp/32526)${code == null ? "" : `: ${code}`}.`,
        };
      },
    );
  },
};

function isBadRequest({ service, status }: HttpFact): boolean {
  return service === "hostga-plugin" && status === 400;
}
