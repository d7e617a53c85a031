export const scenario = {
  file: "any-sll1.pcap",
  happened: "half a minute of a healthy VM on `any`, in the older Linux cooked form",
  made: "tcpdump -i any -y LINUX_SLL",
  found: "nothing above notice",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    const apps = await lab.apps();
    await apps.ask({ open: { port: 443, kind: "tcp" } });
    const recording = await lab.record({ args: ["-i", "any", "-y", "LINUX_SLL"] });
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
