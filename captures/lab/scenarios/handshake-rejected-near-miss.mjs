import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "handshake-rejected-near-miss.pcap",
  happened:
    "another machine, 10.1.0.20, answers a lookup and a connection with ICMP port unreachable; all of the platform works",
  made: "dig and nc to 10.1.0.20, iptables REJECT there",
  found: "nothing above notice: those errors are not about the platform",
  async run(lab) {
    await lab.run("platform", "ip", "addr", "add", "10.1.0.20/32", "dev", "lo");
    await lab.firewall("platform", "-A INPUT -d 10.1.0.20 -p tcp -j REJECT --reject-with icmp-port-unreachable");
    return recordAgent(lab, {
      seconds: 7,
      meanwhile: async () => {
        await lab.run("vm", "dig", "@10.1.0.20", "+tries=1", "+time=2", "packages.example.com", "A");
        await lab.run("vm", "nc", "-z", "-w", "3", "10.1.0.20", "80");
      },
    });
  },
};
