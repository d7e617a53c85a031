import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "agent-silent.pcap",
  happened: "for 80 seconds there are probes and lookups, and not one request of the agent",
  made: "the VM's OUTPUT chain drops what goes to ports 80 and 32526, as a wrong rule for the agent's user does: nothing of it reaches the wire",
  found: "`agent-silent` warning",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    await lab.firewall("vm", "-A OUTPUT -d 168.63.129.16 -p tcp -m multiport --dports 80,32526 -j DROP");
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    return recordProbes(lab, {
      open: [{ port: 443, kind: "tcp" }],
      series: [{ kind: "tcp", port: 443 }],
      meanwhile: async () => {
        for (let round = 0; round < 16; round++) {
          await lab.dig("packages.example.com A");
          await lab.sleep(5);
        }
      },
    });
  },
};
