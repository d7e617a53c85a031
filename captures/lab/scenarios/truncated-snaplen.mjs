export const scenario = {
  file: "truncated-snaplen.pcap",
  happened: "half a minute of a healthy VM, each packet cut after 96 bytes",
  made: "tcpdump -s 96",
  found: "`capture-truncated-packets` notice; nothing is said about what the cut hid",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    const apps = await lab.apps();
    await apps.ask({ open: { port: 8080, kind: "http" } });
    const recording = await lab.record({ args: ["-i", "eth0", "-s", "96"] });
    const probes = await lab.probes();
    await probes.probe({ kind: "http", port: 8080 });
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.dig("packages.example.com A", "www.example.net A");
    await lab.sleep(26);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
