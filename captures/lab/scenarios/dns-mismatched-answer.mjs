export const scenario = {
  file: "dns-mismatched-answer.pcap",
  happened: "one question gets an answer with another id before its own; another gets two different answers",
  made: "dig against a server that does so in place of dnsmasq",
  found: "`dns-mismatched-answer` warning",
  async run(lab) {
    await lab.resolver({ port: 53, address: lab.platformAddress });
    const recording = await lab.record();
    await lab.dig("plain.lab.example A", "wrongid.lab.example A", "twice.lab.example A", "plain2.lab.example A");
    await lab.sleep(1);
    return recording.stop();
  },
};
