import { LARGE_ANSWER } from "../platform/dnsmasq.mjs";

export const scenario = {
  file: "dns-tcp-blocked.pcap",
  happened: "an answer is too long for UDP, and the retry over TCP gets no SYN-ACK; other lookups work",
  made: "dig against dnsmasq, iptables DROP of TCP port 53",
  found: "`dns-tcp-blocked` critical",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false, extra: LARGE_ANSWER });
    await lab.firewall("platform", "-A INPUT -p tcp --dport 53 -j DROP");
    const recording = await lab.record();
    await lab.dig("packages.example.com A");
    await lab.run("vm", "dig", "@168.63.129.16", "+noedns", "+tries=2", "+time=5", "large.example.com", "TXT");
    await lab.dig("packages.example.com AAAA");
    await lab.sleep(6);
    return recording.stop();
  },
};
