/** The agent reports NotReady. */
import { findingsByKey } from "./exchanges.ts";
import type { Facts } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";

export const agentNotReady: Rule = {
  id: "agent-not-ready",
  severity: "critical",
  group: "vm-agent",
  title: "The agent reports that the VM is not ready",
  cause: "Provisioning failed on the VM: the report's description says why.",
  remedy:
    "Mend what the description names, then restart the agent or redeploy. Linux: /var/log/waagent.log and /var/log/cloud-init.log. Windows: C:\\WindowsAzure\\Logs and the setup logs in C:\\Windows\\Panther.",
  detection:
    "A health report to WireServer says NotReady with another substatus than Provisioning. NotReady with Provisioning is a normal step of the first boot.",
  confirm: "The portal shows the VM's agent status and OSProvisioningTimedOut or a provisioning error.",
  source: "cloud-init sources/helpers/azure.py and errors.py; WALinuxAgent pa/provision; cloudbase-init azure service",
  thresholds: [],
  find(facts: Facts): Iterable<Finding> {
    let lastReady = -1;
    for (const { health, flow } of facts.notableHttp)
      if (health?.state === "Ready") lastReady = Math.max(lastReady, flow);
    return findingsByKey(
      facts,
      facts.notableHttp,
      ({ health }) =>
        health?.state === "NotReady" && health.substatus !== "Provisioning"
          ? `${health.substatus} ${health.description}`
          : null,
      (group, found) => {
        const last = group.at(-1);
        const health = last?.health;
        if (!last || !health) return null;
        const again = lastReady > last.flow ? " A later report says Ready." : "";
        return {
          summary: `${counted(found.count, "report")} of NotReady${health.substatus === null ? "" : ` (${health.substatus})`}: ${health.description ?? "no description"}.${again}`,
        };
      },
    );
  },
};
