import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "unexpected-platform-mac.pcap",
  happened: "two DNS answers from the platform's address come from another MAC than everything else",
  made: "the relay changes the source MAC of two answers to 02:00:5e:10:20:30",
  found: "`unexpected-platform-mac` warning, naming both MACs",
  topology: { relay: true },
  async run(lab) {
    const relay = await lab.relay({});
    await lab.dnsmasq({ dhcp: false });
    return recordAgent(lab, {
      seconds: 8,
      meanwhile: async () => {
        await lab.dig("packages.example.com A", "www.example.net A");
        relay.set({ toVm: [{ match: "udp", port: 53, count: 2, do: "mac", mac: "02:00:5e:10:20:30" }] });
        await lab.sleep(2);
        await lab.dig("packages.example.com AAAA", "storage.example.net A", "www.example.net A");
      },
    });
  },
};
