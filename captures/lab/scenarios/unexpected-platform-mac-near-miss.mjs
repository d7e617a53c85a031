export const scenario = {
  file: "unexpected-platform-mac-near-miss.pcap",
  happened: "frames of another machine, 10.1.0.20, come from a router's MAC; those of the platform all from its own",
  made: "nc to 10.1.0.20; the relay changes the source MAC of that machine's answers",
  found: "no `unexpected-platform-mac`",
  topology: { relay: true },
  async run(lab) {
    await lab.relay({ toVm: [{ match: "tcp", port: 8443, do: "mac", mac: "c0:d6:82:11:22:33" }] });
    await lab.run("platform", "ip", "addr", "add", "10.1.0.20/32", "dev", "lo");
    const other = await lab.apps("platform");
    await other.ask({ open: { port: 8443, kind: "tcp", address: "10.1.0.20" } });
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ call: ["goalState"] });
    await lab.run("vm", "nc", "-z", "-w", "3", "10.1.0.20", "8443");
    await lab.dig("packages.example.com A");
    await agent.ask({ call: ["goalState"] });
    return recording.stop();
  },
};
