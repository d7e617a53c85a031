export const scenario = {
  file: "dns-unanswered.pcap",
  happened: "no question gets an answer: three names, each asked three times; the agent's requests work",
  made: "dig, and iptables DROP of port 53",
  found: "`dns-unanswered` critical; dns failing, wireserver healthy",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    await lab.firewall("platform", "-A INPUT -p udp --dport 53 -j DROP");
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ poll: { heartbeat: false } });
    for (const name of ["packages.example.com", "www.example.net", "storage.example.net"]) {
      await lab.run("vm", "dig", "@168.63.129.16", "+tries=3", "+time=2", name, "A");
    }
    await lab.sleep(6);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
