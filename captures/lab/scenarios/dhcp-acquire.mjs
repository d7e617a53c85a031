export const scenario = {
  file: "dhcp-acquire.pcap",
  happened:
    "a NIC gets its lease: DISCOVER, OFFER, REQUEST, ACK with option 245, the platform's routes and an infinite lease",
  made: "dhclient against dnsmasq",
  found: "nothing; one exchange with the lease, server 168.63.129.16, eth0 primary",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq();
    await lab.dhclient();
    await lab.sleep(1);
    return recording.stop();
  },
};
