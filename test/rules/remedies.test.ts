import { describe, expect, test } from "vitest";
import { allowProbe, nameInCommand, routeByPrimaryNic } from "../../src/rules/remedies.ts";

describe("an interface in a command that a person copies", () => {
  test.each(["eth0", "enP53091s1np0", "br-5d8f.100", "veth1_2"])("is named: %s", (name) => {
    expect(nameInCommand(name, "NIC")).toBe(name);
  });

  test.each(["eth0; reboot", "$(reboot)", "`reboot`", "-x", "", 'a" b', "a|b", "a\nb", "a'b", "a&b", "a>b"])(
    "gives way to a word when a shell could take it for more: %j",
    (name) => {
      expect(nameInCommand(name, "NIC")).toBe("NIC");
    },
  );

  test("stands quoted nowhere else in the remedy's commands", () => {
    const [, ...commands] = routeByPrimaryNic("168.63.129.16", "x; reboot").split("Linux:");
    expect(commands.join("")).not.toContain("reboot");
  });
});

test("to let an IPv6 probe in names neighbour discovery, and that of an IPv4 probe does not", () => {
  expect(allowProbe(80, "2001:db8::4", "fe80::1234:5678:9abc")).toContain("ICMPv6 types 135 and 136");
  expect(allowProbe(80, "10.0.0.4", "168.63.129.16")).not.toContain("ICMPv6");
});
