import { ASK_MANY } from "../parts.mjs";

export const scenario = {
  file: "dns-throttled-near-miss.pcap",
  happened: "300 questions in half a second, all answered at once, and one that is lost",
  made: "questions from python, dnsmasq, one question that iptables drops",
  found:
    "no `dns-throttled`: below a thousand in a second and below 200 pending; the lost one is one `dns-unanswered` (warning)",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false, extra: ["address=/q.example.com/203.0.113.7"] });
    await lab.firewall("platform", "-A INPUT -p udp --dport 53 -m string --string lost --algo bm -j DROP");
    const recording = await lab.record();
    await lab.run("vm", "python3", lab.file("ask.py", ASK_MANY), "300", "0.5");
    await lab.run("vm", "dig", "@168.63.129.16", "+tries=2", "+time=2", "lost.example.com", "A");
    await lab.sleep(6);
    await lab.dig("packages.example.com A");
    return recording.stop();
  },
};
