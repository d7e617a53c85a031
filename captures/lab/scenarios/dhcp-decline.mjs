export const scenario = {
  file: "dhcp-decline.pcap",
  happened: "the client takes a lease, finds that it cannot use the address, and declines it",
  made: "dhclient, whose script fails",
  found: "`dhcp-refused` warning, the client's DECLINE",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq();
    await lab.dhclient("eth0", { timeoutSeconds: 12, args: ["-1", "-e", "FAIL_BOUND=1"] });
    await lab.sleep(1);
    return recording.stop();
  },
};
