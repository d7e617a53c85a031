export const scenario = {
  file: "incident-mixed.pcapng",
  happened:
    "several faults at once on a VM that worked before: HostGAPlugin's port is blocked midway, a DNS zone fails and another gets no answer, a probed application is down and up again",
  made: "dumpcap on eth0 and eth1, then reordercap; iptables DROP, dnsmasq in front of a server that misbehaves, an application stopped and started",
  found:
    "`handshake-unanswered` (hostga-plugin, failing), `dns-servfail`, `dns-unanswered`, `probe-refused`, `probe-flapping` at most; wireserver healthy",
  topology: { nics: 2, configure: false },
  async run(lab) {
    const recording = await lab.record({ program: "dumpcap", args: ["-i", "eth0", "-i", "eth1"], inOrder: true });
    await lab.resolver();
    await lab.dnsmasq({ extra: ["server=/partner.example/127.0.0.1#5353"] });
    await lab.wireServer();
    await lab.dhclient("eth0");
    await lab.dhclient("eth1");
    const apps = await lab.apps();
    await apps.ask({ open: { port: 443, kind: "tcp" } });
    await apps.ask({ open: { port: 8080, kind: "http" } });
    const probes = await lab.probes();
    await probes.probe({ kind: "tcp", port: 443 });
    await probes.probe({ kind: "http", port: 8080 });
    const plugin = await lab.agent();
    const agent = await lab.agent({ hostGaPlugin: false });
    await plugin.ask({ call: ["goalState"] });
    await agent.ask({ poll: { heartbeat: false } });
    const settings = async (rounds) => {
      for (let round = 0; round < rounds; round++) {
        await plugin.ask({ call: ["vmSettings"] });
        await plugin.ask({ call: ["status"] });
        await lab.dig("storage.example.net A", "packages.example.com AAAA");
        await lab.sleep(6);
      }
    };
    await settings(4);
    await lab.firewall("platform", "-A INPUT -p tcp --dport 32526 -j DROP");
    plugin.ask({ call: ["vmSettings"] });
    await lab.sleep(6);
    await apps.ask({ close: 8080 });
    await lab.dig("servfail.partner.example A", "packages.example.com A");
    await lab.run("vm", "dig", "@168.63.129.16", "+tries=3", "+time=2", "silent.partner.example", "A");
    await lab.sleep(12);
    await apps.ask({ open: { port: 8080, kind: "http" } });
    for (let round = 0; round < 4; round++) {
      await lab.dig("servfail.partner.example A", "storage.example.net A");
      await lab.sleep(6);
    }
    return recording.stop();
  },
};
