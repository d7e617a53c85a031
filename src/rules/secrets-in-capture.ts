/** The capture holds secrets in clear text. */
import { Case } from "./case.ts";
import { isAgentTraffic, packetsOfExchange } from "./exchanges.ts";
import type { Facts } from "./facts.ts";
import type { Finding, Rule } from "./rule.ts";
import { counted, platformFilter } from "./texts.ts";

export const secretsInCapture: Rule = {
  id: "secrets-in-capture",
  severity: "notice",
  group: "vm-agent",
  title: "The capture holds secrets in clear text",
  cause:
    "WireServer and HostGAPlugin speak HTTP without encryption: storage signatures (SAS), tokens, keys and certificates travel in clear text between the VM and its host.",
  remedy:
    'Do not share the file as it is: "vipscope extract FILE --redact -o SAFE.pcapng" overwrites them. What was shared already: let the SAS expire, rotate the keys.',
  detection:
    "Requests or answers with a SAS signature, an authentication token, key headers, certificates, status contents or protected settings. The report itself never holds them.",
  confirm: 'In Wireshark: http contains "sig=".',
  source: "WALinuxAgent common/protocol/hostplugin.py and goal_state.py; GuestProxyAgent key_keeper",
  thresholds: [],
  *find(facts: Facts): Iterable<Finding> {
    const found = new Case();
    const kinds = new Set<string>();
    for (const exchange of facts.notableHttp) {
      if (exchange.secrets.length === 0 || !isAgentTraffic(exchange)) continue;
      for (const kind of exchange.secrets) kinds.add(kind);
      found.add(exchange.flow, packetsOfExchange(facts, exchange));
    }
    const finding = found.finding({
      summary: `${counted(found.count, "request")} with secrets in clear text: ${[...kinds].join(", ")}.`,
      displayFilter: `${platformFilter(facts)} && tcp.port in {80, 32526}`,
    });
    if (finding !== null) yield finding;
  },
};
