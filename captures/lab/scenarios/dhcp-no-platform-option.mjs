export const scenario = {
  file: "dhcp-no-platform-option.pcap",
  happened: "a lease of the platform's server without option 245",
  made: "dhclient against dnsmasq",
  found: "`dhcp-no-platform-option` warning",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq({ without245: true });
    await lab.dhclient();
    await lab.sleep(1);
    return recording.stop();
  },
};
