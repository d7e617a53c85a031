export const scenario = {
  file: "asymmetric-path.pcapng",
  happened:
    "health probes reach the application through eth1, and its answers leave through eth0, where the platform drops them",
  made: "dumpcap on eth0 and eth1, then reordercap; the VM's route to the platform through eth0, no policy routing",
  found: "`asymmetric-path` critical, in eth1 and out eth0, instead of `probe-unanswered`",
  topology: { nics: 2, configure: false },
  async run(lab) {
    const recording = await lab.record({ program: "dumpcap", args: ["-i", "eth0", "-i", "eth1"], inOrder: true });
    await lab.dnsmasq();
    await lab.wireServer();
    await lab.dhclient("eth0");
    await lab.dhclient("eth1");
    await lab.firewall("platform", "-A INPUT -i pe0 -s 10.1.1.4 -j DROP");
    const apps = await lab.apps();
    await apps.ask({ open: { port: 443, kind: "tcp" } });
    const probes = await lab.probes();
    await probes.probe({ kind: "tcp", port: 443, address: "10.1.1.4" });
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.sleep(26);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
