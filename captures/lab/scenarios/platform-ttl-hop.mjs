import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "platform-ttl-hop.pcap",
  happened: "everything from the platform has a TTL of 63, all the time: there is a hop where there should be none",
  made: "iptables TTL on the platform's side",
  found: "`platform-ttl-change` warning, 63",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.firewall("platform", "-t mangle -A POSTROUTING -j TTL --ttl-set 63");
    return recordAgent(lab, { seconds: 8, meanwhile: () => lab.dig("packages.example.com A") });
  },
};
