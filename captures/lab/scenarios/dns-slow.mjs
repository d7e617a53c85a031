export const scenario = {
  file: "dns-slow.pcap",
  happened: "two names take 1.5 and 2.5 seconds to be answered, others a millisecond",
  made: "dig against dnsmasq, which forwards the zone lab.example to a late server",
  found: "`dns-slow` warning, two questions",
  async run(lab) {
    await lab.resolver();
    await lab.dnsmasq({ dhcp: false, extra: ["server=/lab.example/127.0.0.1#5353"] });
    const recording = await lab.record();
    for (const name of ["packages.example.com", "slow-1500.lab.example", "www.example.net", "slow-2500.lab.example"]) {
      await lab.run("vm", "dig", "@168.63.129.16", "+tries=1", "+time=5", name, "A");
    }
    await lab.sleep(1);
    return recording.stop();
  },
};
