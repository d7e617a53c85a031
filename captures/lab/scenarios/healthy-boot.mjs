export const scenario = {
  file: "healthy-boot.pcapng",
  happened:
    "a VM with two NICs boots and works for a minute and a half: leases, the agent's first requests to Ready, its polling, name lookups, a TCP and an HTTP probe",
  made: "dumpcap on eth0 and eth1, then reordercap",
  found: "nothing above notice (`secrets-in-capture`, `dns-nxdomain`); all services healthy, eth0 primary",
  topology: { nics: 2, configure: false },
  async run(lab) {
    const recording = await lab.record({ program: "dumpcap", args: ["-i", "eth0", "-i", "eth1"], inOrder: true });
    await lab.dnsmasq();
    await lab.wireServer();
    await lab.dhclient("eth0");
    await lab.sleep(0.4);
    await lab.dhclient("eth1");
    const apps = await lab.apps();
    await apps.ask({ open: { port: 443, kind: "tcp" } });
    await apps.ask({ open: { port: 8080, kind: "http" } });
    const probes = await lab.probes();
    await probes.probe({ kind: "tcp", port: 443 });
    await lab.sleep(0.8);
    await probes.probe({ kind: "http", port: 8080, path: "/healthz" });
    const agent = await lab.agent();
    await agent.ask({ boot: true });
    await lab.dig(
      "packages.example.com A",
      "packages.example.com AAAA",
      "vm0.k3xqzfakelabfakelabfakelab.bx.internal.cloudapp.net A",
    );
    await agent.ask({ poll: {} });
    for (let round = 0; round < 9; round++) {
      await lab.sleep(10);
      await lab.dig("storage.example.net A", "storage.example.net AAAA");
      if (round === 3)
        await lab.dig("mistyped.example.com A", "db.k3xqzfakelabfakelabfakelab.bx.internal.cloudapp.net A");
    }
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
