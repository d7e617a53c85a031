import { ASK_MANY } from "../parts.mjs";

export const scenario = {
  file: "dns-throttled-pending.pcap",
  happened: "250 questions wait at once for a zone that takes 1.5 seconds; those over 200 are dropped in silence",
  made: "questions from python, dnsmasq in front of a late server, iptables limit for what is over 200",
  found: "`dns-throttled` critical",
  async run(lab) {
    await lab.resolver();
    await lab.dnsmasq({ dhcp: false, extra: ["server=/q.example.com/127.0.0.1#5353", "dns-forward-max=2000"] });
    const limit = "--hashlimit-upto 1/min --hashlimit-burst 200 --hashlimit-name dns";
    await lab.firewall("platform", `-A INPUT -p udp --dport 53 -m hashlimit ${limit} -j ACCEPT`);
    await lab.firewall("platform", "-A INPUT -i pe0 -p udp --dport 53 -j DROP");
    const recording = await lab.record();
    await lab.run("vm", "python3", lab.file("ask.py", ASK_MANY), "250", "0.2", "slow-1500");
    await lab.sleep(6);
    return recording.stop();
  },
};
