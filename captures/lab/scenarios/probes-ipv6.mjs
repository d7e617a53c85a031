export const scenario = {
  file: "probes-ipv6.pcap",
  happened:
    "TCP and HTTP probes from fe80::1234:5678:9abc to the VM's IPv6 address; then the firewall of the VM drops what comes from link-local addresses",
  made: "probes from the platform's link-local address, ip6tables DROP",
  found: "`probe-unanswered` critical for both endpoints, after they were up",
  topology: { ipv6: true },
  async run(lab) {
    const address = "fd12:3456:789a::4";
    await lab.run("vm", "ip", "addr", "add", `${address}/64`, "dev", "eth0", "nodad");
    await lab.run("platform", "ip", "route", "add", "fd12:3456:789a::/64", "dev", "pe0");
    await lab.sleep(2);
    const apps = await lab.apps();
    await apps.ask({ open: { port: 443, kind: "tcp", address: "::" } });
    await apps.ask({ open: { port: 8080, kind: "http", address: "::" } });
    const recording = await lab.record();
    const probes = await lab.probes();
    const from = { address, source: "fe80::1234:5678:9abc%pe0" };
    await probes.probe({ kind: "tcp", port: 443, ...from });
    await lab.sleep(1);
    await probes.probe({ kind: "http", port: 8080, ...from });
    await lab.sleep(24);
    await lab.firewall("vm", "-A INPUT -p tcp -s fe80::/10 -j DROP", "ip6tables");
    await lab.sleep(22);
    return recording.stop();
  },
};
