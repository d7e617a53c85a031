import { describe, expect, test } from "vitest";
import { parseIptablesSave } from "../../../src/check/firewall/iptables-save.ts";
import { type FilteredPacket, type FilterTable, hitsOf } from "../../../src/check/firewall/model.ts";
import { parseNftRuleset } from "../../../src/check/firewall/nft-ruleset.ts";

const OUT: FilteredPacket = {
  ...{ direction: "outbound", protocol: "tcp", source: "10.0.0.4", destination: "168.63.129.16", sourcePort: null },
  ...{ destinationPort: 80, state: "new", uid: 0, interface: "eth0" },
};
const IN: FilteredPacket = {
  ...{ direction: "inbound", protocol: "tcp", source: "168.63.129.16", destination: "10.0.0.4", sourcePort: 80 },
  ...{ destinationPort: null, state: "established", uid: null, interface: "eth0" },
};

const effects = (tables: readonly FilterTable[], packet: FilteredPacket): string[] =>
  hitsOf(tables, packet).map(({ effect }) => effect);

/** iptables' table filter with these rules. */
const filter = (rules: readonly string[], policy = "ACCEPT"): FilterTable[] =>
  parseIptablesSave(
    ["*filter", ":INPUT ACCEPT [0:0]", `:OUTPUT ${policy} [0:0]`, ":OWN - [0:0]", ...rules, "COMMIT", ""].join("\n"),
    "iptables",
  );

describe("iptables-save", () => {
  test.each<[string, string[], string[]]>([
    ["no rule", [], []],
    ["the address and port", ["-A OUTPUT -d 168.63.129.16/32 -p tcp -m tcp --dport 80 -j DROP"], ["drops"]],
    ["another port", ["-A OUTPUT -d 168.63.129.16/32 -p tcp -m tcp --dport 443 -j DROP"], []],
    ["another protocol", ["-A OUTPUT -d 168.63.129.16/32 -p udp -j DROP"], []],
    ["a network around it", ["-A OUTPUT -d 168.0.0.0/8 -j REJECT --reject-with icmp-port-unreachable"], ["rejects"]],
    ["a network beside it", ["-A OUTPUT -d 10.0.0.0/8 -j DROP"], []],
    ["not the address", ["-A OUTPUT ! -d 168.63.129.16/32 -j DROP"], []],
    ["not another address", ["-A OUTPUT ! -d 10.0.0.1/32 -j DROP"], ["drops"]],
    ["a list of ports", ["-A OUTPUT -p tcp -m multiport --dports 79,80:90 -j DROP"], ["drops"]],
    ["let through before", ["-A OUTPUT -o eth0 -j ACCEPT", "-A OUTPUT -j DROP"], []],
    ["another NIC let through before", ["-A OUTPUT -o eth1 -j ACCEPT", "-A OUTPUT -j DROP"], ["drops"]],
    [
      "an established connection let through",
      ["-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT", "-A OUTPUT -j DROP"],
      ["drops"],
    ],
    ["another user", ["-A OUTPUT -m owner --uid-owner 1000 -j DROP"], []],
    ["everybody but this user", ["-A OUTPUT -m owner ! --uid-owner 0 -j DROP"], []],
    ["a chain of its own", ["-A OUTPUT -j OWN", "-A OWN -p tcp -j DROP"], ["drops"]],
    ["a chain that returns", ["-A OUTPUT -j OWN", "-A OWN -p tcp -j RETURN", "-A OWN -j DROP"], []],
    ["a log before", ['-A OUTPUT -j LOG --log-prefix "to the platform: "', "-A OUTPUT -p tcp -j DROP"], ["drops"]],
    ["a condition that cannot be told", ["-A OUTPUT -p tcp -m set --match-set blocked dst -j DROP"], ["may-drop"]],
    ["a comment with dashes", ['-A OUTPUT -m comment --comment "-d 10.0.0.1 -j ACCEPT" -j DROP'], ["drops"]],
  ])("%s", (_, rules, expected) => {
    expect(effects(filter(rules), OUT)).toEqual(expected);
  });

  test("chains that jump to each other over and over are followed so far, and that is said", () => {
    const jumps = Array.from({ length: 20 }, () => "-A OWN -m set --match-set a dst -j OWN");
    const hits = hitsOf(filter(["-A OUTPUT -j OWN", ...jumps]), OUT);
    expect(hits.map(({ effect, text }) => [effect, text])).toEqual([
      ["may-drop", "more than the 100000 rules that are followed"],
    ]);
  });

  test("a policy drops what no rule lets pass, and the command lets it pass", () => {
    expect(hitsOf(filter([], "DROP"), OUT)).toEqual([
      {
        effect: "drops",
        place: "iptables filter OUTPUT",
        text: "the policy of chain OUTPUT is to drop",
        command: "iptables -t filter -I OUTPUT -d 168.63.129.16 -p tcp --dport 80 -j ACCEPT",
      },
    ]);
    expect(effects(filter(["-A OUTPUT -p tcp -j ACCEPT"], "DROP"), OUT)).toEqual([]);
  });

  test("an answer meets the inbound rules alone, and its port on the VM is not known", () => {
    const rules = ["-A INPUT -s 168.63.129.16/32 -p tcp -m tcp --sport 80 -j DROP", "-A OUTPUT -j DROP"];
    expect(effects(filter(rules), IN)).toEqual(["drops"]);
    expect(effects(filter(["-A INPUT -p tcp -m tcp --dport 22 -j DROP"]), IN)).toEqual([]);
    expect(effects(filter(["-A INPUT -p tcp -m tcp --dport 40000:50000 -j DROP"]), IN)).toEqual(["may-drop"]);
  });

  test("another program's target turns it", () => {
    const nat =
      "*nat\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -d 168.63.129.16/32 -p tcp -j DNAT --to-destination 127.0.0.1:3080\n";
    expect(effects(parseIptablesSave(nat, "iptables"), OUT)).toEqual(["redirects"]);
  });

  test("chains that jump to each other end the walk", () => {
    expect(effects(filter(["-A OUTPUT -j OWN", "-A OWN -j OWN"]), OUT)).toEqual([]);
  });

  test.each(["", "*filter", "-A OUTPUT -j DROP", ":OUTPUT DROP", "*filter\n-A NOWHERE -j DROP\n-A\n-A OUTPUT !\n:"])(
    "nothing is read out of %j",
    (text) => {
      expect(effects(parseIptablesSave(text, "iptables"), OUT)).toEqual([]);
    },
  );
});

/** An nftables ruleset with one base chain of policy accept and these expressions, one rule each. */
const ruleset = (rules: readonly unknown[][], chain: Record<string, unknown> = {}): FilterTable[] => {
  const place = { family: "inet", table: "guard" };
  const base = {
    chain: { ...place, name: "out", hook: "output", prio: 0, policy: "accept", type: "filter", ...chain },
  };
  const all = rules.map((expr, index) => ({ rule: { ...place, chain: "out", handle: index + 4, expr } }));
  const nftables = [{ metainfo: {} }, { table: { family: "inet", name: "guard" } }, base, ...all];
  return parseNftRuleset(JSON.stringify({ nftables }), []);
};
const field = (protocol: string, name: string, right: unknown, op = "=="): unknown => ({
  match: { op, left: { payload: { protocol, field: name } }, right },
});
const meta = (key: string, right: unknown, op = "=="): unknown => ({ match: { op, left: { meta: { key } }, right } });
const DROP = { drop: null };

describe("nft -j list ruleset", () => {
  test.each<[string, unknown[][], string[]]>([
    ["no rule", [], []],
    ["the address and port", [[field("ip", "daddr", "168.63.129.16"), field("tcp", "dport", 80), DROP]], ["drops"]],
    ["a set of ports", [[field("tcp", "dport", { set: [80, 32526] }), { counter: {} }, DROP]], ["drops"]],
    ["a range of ports", [[field("tcp", "dport", { range: [1, 1024] }), { reject: {} }]], ["rejects"]],
    ["udp", [[field("udp", "dport", 80), DROP]], []],
    ["a prefix", [[field("ip", "daddr", { prefix: { addr: "168.63.0.0", len: 16 } }), DROP]], ["drops"]],
    ["not a prefix", [[field("ip", "daddr", { prefix: { addr: "10.0.0.0", len: 8 } }, "!="), DROP]], ["drops"]],
    ["IPv6", [[field("ip6", "daddr", "fe80::1"), DROP]], []],
    ["the sender", [[meta("skuid", 0, "!="), DROP]], []],
    ["the NIC, let through before", [[meta("oifname", "eth0"), { accept: null }], [DROP]], []],
    ["a named set", [[field("ip", "daddr", "@blocked"), DROP]], ["may-drop"]],
    ["a verdict map", [[{ vmap: { key: {}, data: "@verdicts" } }]], ["may-drop"]],
    ["an extension of iptables", [[{ xt: { type: "match", name: "owner" } }, DROP]], ["may-drop"]],
  ])("%s", (_, rules, expected) => {
    expect(effects(ruleset(rules), OUT)).toEqual(expected);
  });

  test("a policy drops, and the commands name the table and the rule", () => {
    expect(hitsOf(ruleset([], { policy: "drop" }), OUT)[0]?.command).toBe(
      "nft insert rule inet guard out ip daddr 168.63.129.16 tcp dport 80 accept",
    );
    expect(hitsOf(ruleset([[DROP]]), OUT)[0]?.command).toBe("nft delete rule inet guard out handle 4");
  });

  test("tables that iptables-save has listed are not read twice, nor those of other families", () => {
    const text = JSON.stringify({
      nftables: [{ table: { family: "ip", name: "filter" } }, { table: { family: "arp", name: "x" } }],
    });
    expect(parseNftRuleset(text, ["filter"])).toEqual([]);
  });

  test("a table that only has the name of one of iptables' is read", () => {
    const place = { family: "ip", table: "filter" };
    const table = { table: { family: "ip", name: "filter" } };
    const named = (name: string) =>
      JSON.stringify({ nftables: [table, { chain: { ...place, name, hook: "output", policy: "drop" } }] });
    expect(effects(parseNftRuleset(named("OUTPUT"), ["filter"]), OUT)).toEqual([]);
    expect(effects(parseNftRuleset(named("out"), ["filter"]), OUT)).toEqual(["drops"]);
  });

  test.each(["", "null", "[]", '{"nftables":{}}', '{"nftables":[null,{"rule":null},{"table":{}}]}', "{"])(
    "nothing is read out of %j",
    (text) => {
      expect(effects(parseNftRuleset(text, []), OUT)).toEqual([]);
    },
  );
});
