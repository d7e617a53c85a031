export const scenario = {
  file: "wireserver-blocked.pcap",
  happened: "port 80 of the platform stops answering after the first polls; HostGAPlugin and DNS go on",
  made: "iptables DROP in front of WireServer, the agent with its retries",
  found: "`handshake-unanswered` (wireserver) critical; hostga-plugin and dns healthy",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.dig("packages.example.com A");
    await lab.sleep(14);
    await lab.firewall("platform", "-A INPUT -p tcp --dport 80 -j DROP");
    const plugin = await lab.agent();
    for (let round = 0; round < 9; round++) {
      await plugin.ask({ call: ["vmSettings"] });
      await plugin.ask({ call: ["status"] });
      await lab.dig("packages.example.com A");
      await lab.sleep(6);
    }
    return recording.stop();
  },
};
