export const scenario = {
  file: "dhcp-unanswered-near-miss.pcap",
  happened: "the first DISCOVER is lost, the second is answered and leads to a lease",
  made: "dhclient; the server starts after the first DISCOVER",
  found: "nothing above notice",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    const client = lab.dhclient();
    await lab.sleep(1.5);
    await lab.dnsmasq();
    await client;
    await lab.sleep(1);
    return recording.stop();
  },
};
