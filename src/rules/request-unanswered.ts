/** An HTTP request on an established connection gets no answer. */
import { isOneWay, remainingMs } from "./claim-limits.ts";
import { findingsByKey, requestName, serverName } from "./exchanges.ts";
import type { Facts, HttpFact } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, listed } from "./texts.ts";
import type { Thresholds } from "./thresholds.ts";

export const requestUnanswered: Rule = {
  id: "request-unanswered",
  severity: "critical",
  group: "vm-agent",
  title: "Requests get no answer",
  cause:
    "The connection opens, but the host's service does not answer: the host is overloaded or its service hangs; or something in the path lets the handshake through and drops the data.",
  remedy:
    "Try by hand: curl -v -m 15 -H Metadata:true http://168.63.129.16/?comp=versions (and http://168.63.129.16:32526/versions). If that hangs too, redeploy the VM to another host or open a platform ticket with this capture; if it answers, look at proxies and security software between the agent and the network.",
  detection:
    "A complete request on an established connection, and no byte of an answer within ten seconds or before the VM closed the connection. Silent where the capture lost packets of the connection, was cut, or holds one direction alone.",
  confirm: 'The agent\'s log shows time-outs: "grep -i timeout /var/log/waagent.log".',
  source: "WALinuxAgent common/utils/restutil.py: time-out of ten seconds",
  thresholds: ["requestUnansweredMs", "oneWayPercent", "oneWayMinimumFlows"],
  find(facts: Facts, thresholds: Thresholds): Iterable<Finding> {
    if (isOneWay(facts, thresholds)) return [];
    return findingsByKey(
      facts,
      facts.notableHttp,
      (exchange) => (isUnanswered(facts, exchange, thresholds) ? exchange.service : null),
      (group, found) => {
        const first = group[0];
        if (first === undefined) return null;
        const names = listed(group.map(requestName));
        return { summary: `${counted(found.count, "request")} to ${serverName(first)} got no answer: ${names}.` };
      },
    );
  },
};

function isUnanswered(facts: Facts, exchange: HttpFact, thresholds: Thresholds): boolean {
  if (exchange.method === null || exchange.status !== null || exchange.cutByCapture || exchange.requestEndedNs === null)
    return false;
  const tcp = facts.flows.at(exchange.flow)?.tcp;
  if (!tcp || tcp.lostBytes.fromPlatform > 0 || tcp.ending === "reset-by-platform") return false;
  const givenUp = tcp.firstFin !== null || tcp.ending === "reset-by-vm";
  return givenUp || remainingMs(facts, exchange.requestEndedNs) >= thresholds.requestUnansweredMs;
}
