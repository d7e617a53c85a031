export const scenario = {
  file: "container-source-near-miss.pcap",
  happened: "a container asks the platform's DNS through the VM's NAT, and nothing else of the platform",
  made: "tcpdump -i any (SLL2); dig in a namespace behind a bridge with MASQUERADE",
  found: "nothing above notice, no `container-source`",
  topology: { container: true },
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    const recording = await lab.record({ args: ["-i", "any"] });
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    for (let round = 0; round < 4; round++) {
      await lab.sleep(2);
      await lab.run("container", "dig", "@168.63.129.16", "packages.example.com", "A");
    }
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
