export const scenario = {
  file: "non-primary-nic.pcapng",
  happened:
    "both NICs get their leases, the agent works through eth0, and a tool asks WireServer through eth1, where nobody answers",
  made: "dumpcap on eth0 and eth1, then reordercap; curl --interface eth1; the platform's side drops ports 80 and 32526 on the secondary NIC",
  found: "`non-primary-nic-source` critical, eth1, instead of `handshake-unanswered`; eth0 primary by DHCP",
  topology: { nics: 2, configure: false },
  async run(lab) {
    const recording = await lab.record({ program: "dumpcap", args: ["-i", "eth0", "-i", "eth1"], inOrder: true });
    await lab.dnsmasq();
    await lab.wireServer();
    await lab.firewall("platform", "-A INPUT -i pe1 -p tcp -m multiport --dports 80,32526 -j DROP");
    await lab.dhclient("eth0");
    await lab.dhclient("eth1");
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    for (let round = 0; round < 3; round++) {
      await lab.run("vm", "curl", "-s", "-m", "8", "--interface", "eth1", "http://168.63.129.16/?comp=versions");
      await lab.sleep(2);
    }
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
