import { FOREIGN_SERVER } from "../topology.mjs";

export const scenario = {
  file: "dhcp-foreign-server.pcap",
  happened:
    "a DHCP server of somebody's own, 10.1.0.9, answers before the platform does; the VM takes its lease, and the platform's OFFER comes a second later, and its NAK for the address that is not its own",
  made: "dhclient between two dnsmasq, the platform's with a delay of a second",
  found:
    "`dhcp-foreign-server` critical, 10.1.0.9 at 00:15:5d:0a:0b:0c; the NAK that follows is `dhcp-refused`, and `dhcp-no-platform-option` may join them",
  topology: { configure: false, foreignServer: true },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq({ extra: ["dhcp-reply-delay=1"] });
    const configuration = [
      ...["port=0", "no-ping", "no-daemon", "user=root", "interface=eth0", "bind-interfaces", "dhcp-authoritative"],
      ...["dhcp-range=10.1.0.100,10.1.0.100,255.255.255.0,1h", `dhcp-leasefile=${lab.directory}/foreign.leases`],
      ...[`dhcp-option=option:router,${FOREIGN_SERVER.address}`, "pid-file=", ""],
    ].join("\n");
    const server = lab.start("foreign", "dnsmasq", "-C", lab.file("foreign.conf", configuration));
    await server.said("started");
    await lab.dhclient();
    await lab.sleep(3);
    return recording.stop();
  },
};
