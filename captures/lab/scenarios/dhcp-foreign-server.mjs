export const scenario = {
  file: "dhcp-foreign-server.pcap",
  happened: "a DHCP server of somebody's own, 10.1.0.2, answers before the platform does, and the VM takes its lease",
  made: "dhclient against dnsmasq at 10.1.0.2",
  found: "`dhcp-foreign-server` critical, 10.1.0.2",
  topology: { configure: false, platformAddress: "10.1.0.2" },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq({ wireServer: "168.63.129.16" });
    await lab.dhclient();
    await lab.sleep(1);
    return recording.stop();
  },
};
