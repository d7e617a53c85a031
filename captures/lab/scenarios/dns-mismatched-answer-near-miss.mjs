export const scenario = {
  file: "dns-mismatched-answer-near-miss.pcap",
  happened: "every answer arrives twice, both the same",
  made: "dig against dnsmasq; the relay doubles answers",
  found: "no `dns-mismatched-answer`: the same answer again is no other answer",
  topology: { relay: true },
  async run(lab) {
    await lab.relay({ toVm: [{ match: "udp", port: 53, do: "copy" }] });
    await lab.dnsmasq({ dhcp: false });
    const recording = await lab.record();
    await lab.dig("packages.example.com A", "www.example.net A", "storage.example.net A");
    await lab.sleep(1);
    return recording.stop();
  },
};
