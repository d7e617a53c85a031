export const scenario = {
  file: "dns-conntrack-race.pcap",
  happened:
    "A and AAAA are asked from one port; the AAAA is lost, and after five seconds both are asked again and answered; twice",
  made: "getaddrinfo of glibc; iptables drops the AAAA of the first pair, as the race in connection tracking does",
  found: "`dns-conntrack-race` warning",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    const recording = await lab.record();
    for (const name of ["packages.example.com", "www.example.net"]) {
      // The end of a question for AAAA: the root label, type 28, class IN.
      const allow = await lab.firewall(
        "platform",
        "-A INPUT -p udp --dport 53 -m string --hex-string |00001c0001| --algo bm -j DROP",
      );
      const lookup = lab.lookUp(name);
      await lab.sleep(2);
      await allow();
      await lookup;
      await lab.sleep(1);
    }
    return recording.stop();
  },
};
