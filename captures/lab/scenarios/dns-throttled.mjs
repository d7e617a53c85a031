import { ASK_MANY } from "../parts.mjs";

export const scenario = {
  file: "dns-throttled.pcap.gz",
  happened: "1,400 questions within a second: the first thousand are answered, the rest is dropped in silence",
  made: "questions from python, iptables hashlimit in front of dnsmasq; compressed with gzip",
  found: "`dns-throttled` critical; no `dns-unanswered`",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false, extra: ["address=/q.example.com/203.0.113.7", "dns-forward-max=2000"] });
    const limit = "--hashlimit-upto 10/sec --hashlimit-burst 1000 --hashlimit-name dns";
    await lab.firewall("platform", `-A INPUT -p udp --dport 53 -m hashlimit ${limit} -j ACCEPT`);
    await lab.firewall("platform", "-A INPUT -p udp --dport 53 -j DROP");
    const recording = await lab.record();
    await lab.run("vm", "python3", lab.file("ask.py", ASK_MANY), "1400", "0.5");
    await lab.sleep(6);
    return lab.gzip(await recording.stop());
  },
};
