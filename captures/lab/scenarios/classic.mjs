export const scenario = {
  file: "classic.pcap",
  happened:
    "a classic deployment: option 245 names 100.115.176.3, where WireServer, HostGAPlugin, DNS and the DHCP server are; the agent was asking there before the lease is seen",
  made: "the platform at another address, dhclient after the first polls",
  found:
    "100.115.176.3 is a platform address by `dhcp-option-245`, also for the packets before the lease; nothing above notice",
  topology: { platformAddress: "100.115.176.3" },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq();
    await lab.wireServer();
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.dig("packages.example.com A");
    await lab.sleep(10);
    await lab.dhclient();
    await lab.dig("packages.example.com AAAA", "www.example.net A");
    await lab.sleep(15);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
