export const scenario = {
  file: "tcp-keepalive.pcap",
  happened:
    "an idle HTTP probe connection is kept alive by the VM: a keep-alive each second between requests that are five seconds apart",
  made: "the probed application with SO_KEEPALIVE",
  found: "nothing: keep-alives are no retransmissions",
  async run(lab) {
    await lab.run("vm", "sysctl", "-qw", "net.ipv4.tcp_keepalive_intvl=1");
    const apps = await lab.apps();
    await apps.ask({ open: { port: 8080, kind: "http", keepAliveMs: 1000 } });
    const recording = await lab.record();
    const probes = await lab.probes();
    await probes.probe({ kind: "http", port: 8080 });
    await lab.sleep(21);
    await probes.ask({ stop: true });
    return recording.stop();
  },
};
