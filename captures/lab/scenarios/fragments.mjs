import { LARGE_ANSWER } from "../platform/dnsmasq.mjs";

export const scenario = {
  file: "fragments.pcap",
  happened: "a DNS answer of more than 1,200 bytes over UDP arrives in IP fragments",
  made: "dig +bufsize=4096, an MTU of 600 on the platform's side",
  found: "nothing; the transaction is whole after reassembly",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false, extra: [...LARGE_ANSWER, "edns-packet-max=4096"] });
    await lab.run("platform", "ip", "link", "set", "pe0", "mtu", "600");
    const recording = await lab.record();
    await lab.dig("packages.example.com A", "large.example.com TXT +bufsize=4096", "www.example.net A");
    await lab.sleep(1);
    return recording.stop();
  },
};
