export const scenario = {
  file: "port-not-served-near-miss.pcap",
  happened:
    "the VM connects to port 443 of another machine in its network, and a TCP probe of the platform comes to the VM's own port 443",
  made: "nc to 10.1.0.20, probes from the platform address",
  found: "no `port-not-served`",
  async run(lab) {
    await lab.run("platform", "ip", "addr", "add", "10.1.0.20/32", "dev", "lo");
    const apps = await lab.apps();
    await apps.ask({ open: { port: 443, kind: "tcp" } });
    const other = await lab.apps("platform");
    await other.ask({ open: { port: 443, kind: "tcp", address: "10.1.0.20" } });
    const recording = await lab.record();
    const probes = await lab.probes();
    await probes.probe({ kind: "tcp", port: 443 });
    await lab.run("vm", "nc", "-z", "-w", "3", "10.1.0.20", "443");
    await lab.sleep(11);
    return recording.stop();
  },
};
