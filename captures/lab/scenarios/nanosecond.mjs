export const scenario = {
  file: "nanosecond.pcap",
  happened: "a lease, some lookups and a few polls, with timestamps in nanoseconds",
  made: "tcpdump --time-stamp-precision=nano",
  found: "nothing above notice; instants with nine digits",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record({ args: ["-i", "eth0", "--time-stamp-precision=nano"] });
    await lab.dnsmasq();
    await lab.wireServer();
    await lab.dhclient();
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.dig("packages.example.com A", "www.example.net A");
    await lab.sleep(13);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
