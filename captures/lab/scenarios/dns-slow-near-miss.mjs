export const scenario = {
  file: "dns-slow-near-miss.pcap",
  happened: "answers that take 0.8 seconds",
  made: "dig against dnsmasq, which forwards the zone lab.example to a late server",
  found: "nothing: below the second of `dns-slow`",
  async run(lab) {
    await lab.resolver();
    await lab.dnsmasq({ dhcp: false, extra: ["server=/lab.example/127.0.0.1#5353"] });
    const recording = await lab.record();
    await lab.dig("packages.example.com A", "slow-800.lab.example A", "slow-800.b.lab.example A");
    await lab.sleep(1);
    return recording.stop();
  },
};
