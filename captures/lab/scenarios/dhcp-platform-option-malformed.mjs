export const scenario = {
  file: "dhcp-platform-option-malformed.pcap",
  happened: "a lease of the platform's server whose option 245 has three bytes in place of four",
  made: "dhclient against dnsmasq",
  found: "`dhcp-no-platform-option` warning: the option is not well-formed",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq({ without245: true, extra: ["dhcp-option-force=245,a8:3f:81"] });
    await lab.dhclient();
    await lab.sleep(1);
    return recording.stop();
  },
};
