export const scenario = {
  file: "agent-dhcp-probe-near-miss.pcap",
  happened: "a client that asks for nothing but its address: a DISCOVER with few options, but not the agent's bare one",
  made: "dhclient without a host name and with one requested option",
  found: "nothing above notice",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq();
    await lab.dhclient("eth0", { bare: true });
    await lab.sleep(1);
    return recording.stop();
  },
};
