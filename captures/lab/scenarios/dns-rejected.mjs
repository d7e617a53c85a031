import { rejectAtGateway } from "../gateway.mjs";

export const scenario = {
  file: "dns-rejected.pcap",
  happened: "the gateway answers every question with ICMP administratively prohibited",
  made: "dig, and a prohibit rule at the gateway 10.1.0.1",
  found: "`dns-rejected` critical, naming 10.1.0.1; no `dns-unanswered`",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await rejectAtGateway(lab, "ipproto udp dport 53");
    const recording = await lab.record();
    for (const name of ["packages.example.com", "www.example.net", "storage.example.net"]) {
      await lab.run("vm", "dig", "@168.63.129.16", "+tries=1", "+time=2", name, "A");
      await lab.sleep(2);
    }
    await lab.sleep(6);
    return recording.stop();
  },
};
