import { describe, expect, test } from "vitest";
import { RULES } from "../../src/rules/all.ts";
import type { Explanation } from "../../src/rules/explains.ts";
import { EXPLANATIONS } from "../../src/rules/explains.ts";
import { explainingFirst, judge } from "../../src/rules/judge.ts";
import type { Finding, Rule } from "../../src/rules/rule.ts";
import { DEFAULT_THRESHOLDS } from "../../src/rules/thresholds.ts";
import { factsOf, flowFact, seconds } from "../support/facts.ts";

function finding(flows: number[], firstNs = 0): Finding {
  return { summary: "", count: 1, firstNs, lastNs: firstNs, flows, packets: [0], displayFilter: "" };
}

function rule(id: string, over: Partial<Rule> = {}): Rule {
  return {
    id,
    severity: "warning",
    title: id,
    cause: "",
    remedy: "",
    detection: "",
    confirm: "",
    source: "",
    thresholds: [],
    group: "connections",
    *find(facts) {
      const flows = [...facts.notableFlows].map((flow) => flow.id);
      if (flows.length > 0) yield finding(flows);
    },
    ...over,
  };
}

const facts = factsOf({ flows: [flowFact(0), flowFact(1), flowFact(2, { service: "dns" })] });

function idsOf(rules: Rule[], explanations: Explanation[] = []): string[] {
  return judge(facts, rules, DEFAULT_THRESHOLDS, explanations).map((one) => one.rule.id);
}

describe("judging", () => {
  test("gives the most severe first, then the earliest, then in the rules' order", () => {
    const at = (id: string, severity: Rule["severity"], second: number): Rule =>
      rule(id, {
        severity,
        *find() {
          yield finding([0], seconds(second));
        },
      });
    const rules = [
      at("late", "warning", 9),
      at("notice", "notice", 0),
      at("early", "warning", 1),
      at("critical", "critical", 20),
      at("tied", "warning", 1),
    ];
    expect(idsOf(rules)).toEqual(["critical", "early", "tied", "late", "notice"]);
  });

  test("takes a finding's own severity before its rule's", () => {
    const mild = rule("mild", {
      severity: "critical",
      *find() {
        yield { ...finding([0]), severity: "notice" };
      },
    });
    expect(judge(facts, [mild], DEFAULT_THRESHOLDS, [])[0]?.severity).toBe("notice");
  });

  test("does not show an explained rule the flows that are explained", () => {
    const cause = rule("cause", {
      *find() {
        yield finding([0, 2]);
      },
    });
    const explanation: Explanation = { rule: "cause", explained: ["effect"], scope: "flows" };
    const [, effect] = judge(facts, [cause, rule("effect")], DEFAULT_THRESHOLDS, [explanation]);
    expect(effect?.finding.flows).toEqual([1]);
  });

  test("leaves out a finding that stands on explained flows alone", () => {
    const cause = rule("cause", {
      *find() {
        yield finding([0, 1]);
      },
    });
    const stubborn = rule("effect", {
      *find() {
        yield finding([1]);
      },
    });
    expect(idsOf([stubborn, cause], [{ rule: "cause", explained: ["effect"], scope: "flows" }])).toEqual(["cause"]);
  });

  test("explains all flows of a service when the explanation says so", () => {
    const cause = rule("cause", {
      *find() {
        yield finding([0]);
      },
    });
    const judged = judge(facts, [cause, rule("effect")], DEFAULT_THRESHOLDS, [
      { rule: "cause", explained: ["effect"], scope: "service" },
    ]);
    expect(judged[1]?.finding.flows).toEqual([2]);
  });

  test("explains what was open on the same endpoint during the finding when the explanation says so", () => {
    const probe = { vmPort: 443, startedNs: 0, endedNs: seconds(9) };
    const flows = [
      flowFact(0, probe),
      flowFact(1, probe),
      flowFact(2, { ...probe, vmPort: 80 }),
      flowFact(3, { ...probe, startedNs: seconds(6) }),
    ];
    const cause = rule("cause", {
      *find() {
        yield finding([0], seconds(5));
      },
    });
    const judged = judge(factsOf({ flows }), [cause, rule("effect")], DEFAULT_THRESHOLDS, [
      { rule: "cause", explained: ["effect"], scope: "endpoint" },
    ]);
    expect(judged[0]?.finding.flows).toEqual([2, 3]);
  });

  test("runs what explains before what it explains, whatever the order of the list", () => {
    const rules = [rule("c"), rule("b"), rule("a")];
    const explanations: Explanation[] = [
      { rule: "a", explained: ["b"], scope: "flows" },
      { rule: "b", explained: ["c"], scope: "flows" },
    ];
    expect(explainingFirst(rules, explanations).map((one) => one.id)).toEqual(["a", "b", "c"]);
  });
});

describe("the catalogue", () => {
  test("names every rule once", () => {
    const ids = RULES.map((one) => one.id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  test("explains only rules that there are", () => {
    const ids = RULES.map((one) => one.id);
    const named = EXPLANATIONS.flatMap((one) => [one.rule, ...one.explained]);
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test("has no two rules that explain each other", () => {
    const order = explainingFirst(RULES, EXPLANATIONS).map((one) => one.id);
    const wrong = EXPLANATIONS.filter((one) => one.explained.some((id) => order.indexOf(id) < order.indexOf(one.rule)));
    expect(wrong).toEqual([]);
  });

  test("finds nothing in a capture that shows nothing", () => {
    expect(judge(factsOf(), RULES, DEFAULT_THRESHOLDS).map((one) => one.rule.id)).toEqual([]);
  });
});
