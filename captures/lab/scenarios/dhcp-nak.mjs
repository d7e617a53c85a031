export const scenario = {
  file: "dhcp-nak.pcap",
  happened: "the client asks for the address of an old lease, the server refuses it, and a new lease follows",
  made: "dhclient with a lease file that names 10.9.9.9, dnsmasq authoritative",
  found: "`dhcp-refused` warning",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq();
    lab.file(
      "eth0.leases",
      `lease {
  interface "eth0";
  fixed-address 10.9.9.9;
  option subnet-mask 255.255.255.0;
  option dhcp-server-identifier 168.63.129.16;
  option dhcp-lease-time 4294967295;
  renew 4 2037/01/01 00:00:00;
  rebind 4 2037/01/01 00:00:00;
  expire 4 2037/12/31 00:00:00;
}
`,
    );
    await lab.dhclient();
    await lab.sleep(1);
    return recording.stop();
  },
};
