export const scenario = {
  file: "dns-unanswered-near-miss.pcap",
  happened: "one question is lost, and its second try is answered; the capture ends a second after another question",
  made: "dig; the relay drops one query, and then all",
  found:
    "no `dns-unanswered`: a retry that succeeds, and a question still inside its waiting time; `dns-slow` for the two seconds of the first",
  topology: { relay: true },
  async run(lab) {
    const relay = await lab.relay({ toPlatform: [{ match: "udp", port: 53, count: 1, do: "drop" }] });
    await lab.dnsmasq({ dhcp: false });
    const recording = await lab.record({ immediate: true });
    await lab.run("vm", "dig", "@168.63.129.16", "+tries=3", "+time=2", "packages.example.com", "A");
    await lab.dig("www.example.net A", "storage.example.net A");
    relay.set({ toPlatform: [{ match: "udp", port: 53, do: "drop" }] });
    await lab.sleep(0.3);
    lab.run("vm", "dig", "@168.63.129.16", "+tries=1", "+time=5", "packages.example.com", "AAAA");
    await lab.sleep(0.6);
    return recording.stop();
  },
};
