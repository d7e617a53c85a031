export const scenario = {
  file: "container-nat.pcap",
  happened:
    "a container asks WireServer and DNS through the VM's NAT: on `any` its packets are there before and after the translation, with the same port and sequence numbers",
  made: "tcpdump -i any (SLL2); curl and dig in a namespace behind a bridge with MASQUERADE",
  found: "`container-source` notice, 172.17.0.2; the translated twins are not flows of their own nor retransmissions",
  topology: { container: true },
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    const recording = await lab.record({ args: ["-i", "any"] });
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.sleep(2);
    for (const target of ["?comp=versions", "machine?comp=goalstate"]) {
      await lab.run(
        "container",
        "curl",
        "-s",
        "-m",
        "5",
        "-H",
        "x-ms-version: 2012-11-30",
        `http://168.63.129.16/${target}`,
      );
      await lab.run("container", "dig", "@168.63.129.16", "packages.example.com", "A");
      await lab.sleep(4);
    }
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
