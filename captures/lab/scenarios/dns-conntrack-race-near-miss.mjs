export const scenario = {
  file: "dns-conntrack-race-near-miss.pcap",
  happened:
    "A and AAAA are asked from one port, both are lost, and both are answered when asked again after five seconds; other pairs work",
  made: "getaddrinfo of glibc; iptables drops the first pair",
  found: "no `dns-conntrack-race`: not one of a pair, but both; `dns-slow` for the five seconds",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    const recording = await lab.record();
    await lab.lookUp("packages.example.com");
    const allow = await lab.firewall("platform", "-A INPUT -p udp --dport 53 -j DROP");
    const lookup = lab.lookUp("www.example.net");
    await lab.sleep(2);
    await allow();
    await lookup;
    await lab.sleep(1);
    return recording.stop();
  },
};
