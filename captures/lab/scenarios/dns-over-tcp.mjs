import { LARGE_ANSWER } from "../platform/dnsmasq.mjs";

export const scenario = {
  file: "dns-over-tcp.pcap",
  happened: "several lookups over TCP, two of them on one connection, and a long answer in several segments",
  made: "dig +tcp and +keepopen against dnsmasq",
  found: "nothing; five transactions over TCP",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false, extra: LARGE_ANSWER });
    const recording = await lab.record();
    await lab.dig("packages.example.com A +tcp", "large.example.com TXT +tcp", "www.example.net A +tcp");
    const twice = [
      "+keepopen",
      "+tcp",
      "packages.example.com",
      "AAAA",
      "+keepopen",
      "+tcp",
      "storage.example.net",
      "A",
    ];
    await lab.run("vm", "dig", "@168.63.129.16", ...twice);
    await lab.sleep(1);
    return recording.stop();
  },
};
