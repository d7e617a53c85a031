export const scenario = {
  file: "asymmetric-path-near-miss.pcapng",
  happened:
    "health probes reach the application through eth1, and its answers leave through eth1 too; the agent works through eth0",
  made: "dumpcap on eth0 and eth1, then reordercap; a routing rule in the VM for the second NIC's address",
  found: "nothing above notice: a probe may come to any NIC, so no `non-primary-nic-source` either",
  topology: { nics: 2, configure: false },
  async run(lab) {
    const recording = await lab.record({ program: "dumpcap", args: ["-i", "eth0", "-i", "eth1"], inOrder: true });
    await lab.dnsmasq();
    await lab.wireServer();
    await lab.dhclient("eth0");
    await lab.dhclient("eth1");
    await lab.run("vm", "ip", "rule", "add", "from", "10.1.1.4", "lookup", "101");
    await lab.run("vm", "ip", "route", "add", "default", "via", "10.1.1.1", "dev", "eth1", "table", "101");
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
