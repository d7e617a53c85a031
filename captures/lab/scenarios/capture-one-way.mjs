export const scenario = {
  file: "capture-one-way.pcap",
  happened: "a healthy VM, and only what it receives is in the capture",
  made: "tcpdump -Q in",
  found: "`capture-one-way` notice, and nothing else that would need both directions",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    const apps = await lab.apps();
    await apps.ask({ open: { port: 443, kind: "tcp" } });
    const recording = await lab.record({ args: ["-i", "eth0", "-Q", "in"] });
    const probes = await lab.probes();
    await probes.probe({ kind: "tcp", port: 443 });
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.dig("packages.example.com A", "www.example.net A");
    await lab.sleep(21);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
