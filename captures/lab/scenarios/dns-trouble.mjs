import { LARGE_ANSWER } from "../platform/dnsmasq.mjs";

export const scenario = {
  file: "dns-trouble.pcap",
  happened:
    "lookups that succeed beside ones that get no answer (with retries), SERVFAIL, REFUSED, NXDOMAIN, and a truncated answer whose retry over TCP succeeds",
  made: "dig against dnsmasq, which forwards the zone lab.example to a server that misbehaves",
  found:
    "`dns-unanswered` (warning: others are answered), `dns-servfail`, `dns-refused`, `dns-nxdomain`; no `dns-tcp-blocked`",
  async run(lab) {
    await lab.resolver();
    await lab.dnsmasq({
      dhcp: false,
      extra: ["server=/lab.example/127.0.0.1#5353", ...LARGE_ANSWER],
    });
    const recording = await lab.record();
    await lab.dig("packages.example.com A", "www.example.net A");
    await lab.run("vm", "dig", "@168.63.129.16", "+tries=3", "+time=2", "silent.lab.example", "A");
    await lab.dig(
      "servfail.lab.example A",
      "servfail.lab.example AAAA",
      "refused.lab.example A",
      "unknown.example.com A",
      "storage.example.net A",
    );
    await lab.dig("large.example.com TXT +noedns");
    await lab.dig("packages.example.com AAAA");
    await lab.sleep(6);
    return recording.stop();
  },
};
