import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "platform-ttl-change.pcap",
  happened:
    "after twelve seconds everything from the platform has a TTL that is one less: something in the path has begun to route",
  made: "iptables TTL on the platform's side",
  found: "`platform-ttl-change` warning, 64 to 63",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    return recordAgent(lab, {
      seconds: 14,
      meanwhile: async () => {
        await lab.dig("packages.example.com A");
        await lab.sleep(11);
        await lab.firewall("platform", "-t mangle -A POSTROUTING -j TTL --ttl-set 63");
        await lab.dig("packages.example.com A");
      },
    });
  },
};
