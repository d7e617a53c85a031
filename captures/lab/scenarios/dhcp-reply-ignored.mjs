export const scenario = {
  file: "dhcp-reply-ignored.pcap",
  happened: "each DISCOVER gets its OFFER, and the client asks again as if it had not",
  made: "dhclient with `reject 168.63.129.16`",
  found: "`dhcp-reply-ignored` critical; no `dhcp-unanswered`",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq();
    await lab.dhclient("eth0", { timeoutSeconds: 30, more: "reject 168.63.129.16;" });
    await lab.sleep(1);
    return recording.stop();
  },
};
