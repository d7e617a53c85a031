const SEARCH =
  "nameserver 168.63.129.16\nsearch default.svc.cluster.local svc.cluster.local cluster.local example.com\noptions ndots:5\n";

export const scenario = {
  file: "dns-nxdomain-near-miss.pcap",
  happened: "a short name goes through a search list: NXDOMAIN for three suffixes, then an answer for the fourth",
  made: "getaddrinfo of glibc with a search list and ndots:5",
  found: "nothing: search-list noise is no `dns-nxdomain`",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false, extra: ["local=/cluster.local/"] });
    lab.resolvConf("vm", SEARCH);
    const recording = await lab.record();
    await lab.lookUp("packages");
    await lab.sleep(1);
    return recording.stop();
  },
};
