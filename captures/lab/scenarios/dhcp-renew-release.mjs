export const scenario = {
  file: "dhcp-renew-release.pcap",
  happened: "a lease of two minutes is renewed twice by unicast, and released",
  made: "dhclient against dnsmasq with T1 at ten seconds",
  found: "nothing; acquire, renewals and a release",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq({ leaseTime: "120", extra: ["dhcp-option=option:T1,10", "dhcp-option=option:T2,100"] });
    await lab.dhclient();
    await lab.sleep(27);
    await lab.dhclient("eth0", { args: ["-r"] });
    await lab.sleep(1);
    return recording.stop();
  },
};
