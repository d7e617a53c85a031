/** 410, again and again, without a goal state fetched in between. */
import { anyRow } from "../report/rows.ts";
import { Case } from "./case.ts";
import { exchangeFilter, isAgentTraffic, packetsOfExchange, serverName } from "./exchanges.ts";
import type { Facts, HttpFact } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const goalStateGone: Rule = {
  id: "goal-state-gone",
  severity: "warning",
  group: "vm-agent",
  title: "The agent uses a goal state that is gone",
  cause:
    "The VM was moved (service healing, live migration, redeploy) and the agent still asks with its old container id: it did not fetch a new goal state.",
  remedy:
    'Restart the agent, which fetches a new goal state. Linux: "systemctl restart walinuxagent || systemctl restart waagent". Windows: Restart-Service WindowsAzureGuestAgent.',
  detection:
    "At least two answers 410 (ResourceGone) without a successful GET of the goal state between them. A single 410 followed by a goal state is how the agent learns of a move.",
  confirm: "Linux: \"grep -i -E '410|ResourceGone' /var/log/waagent.log\".",
  source: "WALinuxAgent common/utils/restutil.py, issues 2960 and 2321; end-to-end tests (agent_log.py)",
  thresholds: ["goalStateGoneMinimum"],
  *find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (!anyRow(facts.notableHttp, isGone)) return;
    let run: HttpFact[] = [];
    const gone: HttpFact[] = [];
    const close = (): void => {
      if (run.length >= thresholds.goalStateGoneMinimum) for (const exchange of run) gone.push(exchange);
      run = [];
    };
    for (const exchange of facts.http) {
      if (!isAgentTraffic(exchange)) continue;
      if (isGone(exchange)) run.push(exchange);
      else if (exchange.operation === "goal-state" && exchange.status === 200) close();
    }
    close();
    const first = gone[0];
    if (first === undefined) return;
    const found = new Case();
    for (const exchange of gone) found.add(exchange.flow, packetsOfExchange(facts, exchange));
    const finding = found.finding({
      summary: `${counted(gone.length, "answer")} 410 from ${serverName(first)} without a new goal state in between${first.errorCode === null ? "" : ` (${first.errorCode})`}.`,
      displayFilter: gone.every((exchange) => exchange.service === first.service)
        ? exchangeFilter(facts, first)
        : "tcp.port in {80, 32526}",
    });
    if (finding !== null) yield finding;
  },
};

function isGone({ status }: HttpFact): boolean {
  return status === 410;
}
