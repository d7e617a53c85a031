export const scenario = {
  file: "dhcp-unanswered.pcap",
  happened: "a NIC asks for a lease for half a minute, and nothing answers",
  made: "dhclient without a server",
  found: "`dhcp-unanswered` critical; dhcp failing",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dhclient("eth0", { timeoutSeconds: 35 });
    return recording.stop();
  },
};
