export const scenario = {
  file: "any-duplicates.pcap",
  happened:
    "accelerated networking: on `any` each packet is there twice within a millisecond, on eth0 and on the interface below it",
  made: "tcpdump -i any (SLL2), eth0 a bridge with one port",
  found: "`capture-duplicates` notice; no retransmissions, nothing else",
  topology: { accelerated: true },
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    const apps = await lab.apps();
    await apps.ask({ open: { port: 443, kind: "tcp" } });
    const recording = await lab.record({ args: ["-i", "any"] });
    const probes = await lab.probes();
    await probes.probe({ kind: "tcp", port: 443 });
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.dig("packages.example.com A", "www.example.net A");
    await lab.sleep(26);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
