export const scenario = {
  file: "secondary-address-near-miss.pcap",
  happened: "the primary NIC has a second address, and health probes ask it; the agent goes on from the first address",
  made: "dhclient for the first address, ip addr add for the second",
  found: "nothing above notice: an answer to a probe is no traffic of the VM's own",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq();
    await lab.wireServer();
    await lab.dhclient();
    await lab.run("vm", "ip", "addr", "add", "10.1.0.5/24", "dev", "eth0");
    const apps = await lab.apps();
    await apps.ask({ open: { port: 443, kind: "tcp" } });
    const probes = await lab.probes();
    await probes.probe({ kind: "tcp", port: 443, address: "10.1.0.5" });
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.sleep(21);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
