export const scenario = {
  file: "manual-tests.pcap",
  happened:
    "a person tests by hand: nc to 80, 32526 and to 443 (which the platform does not serve), curl ?comp=versions and /, ping, traceroute -T",
  made: "nc, curl, ping and traceroute; the platform drops what it does not serve",
  found: "`port-not-served` notice for 443; no fault of WireServer, HostGAPlugin or ICMP",
  async run(lab) {
    await lab.wireServer();
    await lab.firewall("platform", "-A INPUT -p tcp --syn -m multiport ! --dports 53,80,32526 -j DROP");
    await lab.firewall("platform", "-A INPUT -p icmp --icmp-type echo-request -j DROP");
    const recording = await lab.record();
    const vm = (...command) => lab.run("vm", ...command);
    await vm("nc", "-z", "-v", "-w", "5", "168.63.129.16", "80");
    await vm("nc", "-z", "-v", "-w", "5", "168.63.129.16", "32526");
    await vm("nc", "-z", "-v", "-w", "8", "168.63.129.16", "443");
    await vm("curl", "-s", "-m", "5", "-H", "Metadata: true", "http://168.63.129.16/?comp=versions");
    await vm("curl", "-s", "-m", "5", "http://168.63.129.16/");
    await vm("ping", "-c", "3", "168.63.129.16");
    await vm("traceroute", "-n", "-T", "-p", "80", "-q", "1", "-m", "3", "168.63.129.16");
    await lab.sleep(1);
    return recording.stop();
  },
};
