import { rejectAtGateway } from "../gateway.mjs";

export const scenario = {
  file: "icmp-errors.pcap",
  happened:
    "the platform's DNS answers with port unreachable, then works; then the gateway rejects DNS and HostGAPlugin as administratively prohibited, while WireServer works",
  made: "dnsmasq not started, then started; prohibit rules at the gateway",
  found:
    "`dns-rejected` (warning: others were answered), `handshake-rejected` (hostga-plugin) critical, naming 10.1.0.1",
  async run(lab) {
    await lab.wireServer();
    const recording = await lab.record();
    await lab.run("vm", "dig", "@168.63.129.16", "+tries=2", "+time=2", "packages.example.com", "A");
    await lab.sleep(1);
    await lab.dnsmasq({ dhcp: false });
    await lab.dig("packages.example.com A", "www.example.net A");
    const agent = await lab.agent();
    await agent.ask({ poll: { heartbeat: false } });
    await lab.sleep(8);
    await rejectAtGateway(lab, "ipproto udp dport 53");
    await rejectAtGateway(lab, "ipproto tcp dport 32526");
    await lab.run("vm", "dig", "@168.63.129.16", "+tries=3", "+time=2", "www.example.net", "A");
    const wire = await lab.agent({ hostGaPlugin: false });
    await wire.ask({ poll: { heartbeat: false } });
    await lab.sleep(14);
    return recording.stop();
  },
};
