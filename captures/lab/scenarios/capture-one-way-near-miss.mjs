export const scenario = {
  file: "capture-one-way-near-miss.pcap",
  happened: "two lookups without an answer beside a healthy agent: both directions are there",
  made: "dig without a server; tcpdump of everything",
  found: "no `capture-one-way`; `dns-unanswered`",
  async run(lab) {
    await lab.wireServer();
    await lab.firewall("platform", "-A INPUT -p udp --dport 53 -j DROP");
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.run("vm", "dig", "@168.63.129.16", "+tries=2", "+time=2", "packages.example.com", "A");
    await lab.run("vm", "dig", "@168.63.129.16", "+tries=2", "+time=2", "www.example.net", "A");
    await lab.sleep(8);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
