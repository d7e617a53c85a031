export const scenario = {
  file: "hostga-plugin-blocked.pcap",
  happened: "port 32526 of the platform never answers; WireServer does",
  made: "iptables DROP in front of HostGAPlugin, the agent with its retries",
  found: "`handshake-unanswered` (hostga-plugin) critical; wireserver healthy",
  async run(lab) {
    await lab.wireServer();
    await lab.firewall("platform", "-A INPUT -p tcp --dport 32526 -j DROP");
    const recording = await lab.record();
    const plugin = await lab.agent();
    plugin.ask({ call: ["vmSettings"] });
    const agent = await lab.agent({ hostGaPlugin: false });
    await agent.ask({ poll: { heartbeat: false } });
    await lab.sleep(60);
    return recording.stop();
  },
};
