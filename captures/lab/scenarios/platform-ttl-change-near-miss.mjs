import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "platform-ttl-change-near-miss.pcap",
  happened: "everything from the platform has a TTL of 128, all the time",
  made: "iptables TTL on the platform's side",
  found: "nothing above notice",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.firewall("platform", "-t mangle -A POSTROUTING -j TTL --ttl-set 128");
    return recordAgent(lab, { seconds: 14, meanwhile: () => lab.dig("packages.example.com A") });
  },
};
