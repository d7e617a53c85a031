import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "agent-silent-near-miss.pcap",
  happened: "probes and lookups for 80 seconds; the agent asks once, 45 seconds after the start",
  made: "one request for the goal state",
  found: "nothing: no minute without a request",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    const agent = await lab.agent();
    return recordProbes(lab, {
      open: [{ port: 443, kind: "tcp" }],
      series: [{ kind: "tcp", port: 443 }],
      meanwhile: async () => {
        for (let round = 0; round < 16; round++) {
          await lab.dig("packages.example.com A");
          await lab.sleep(5);
          if (round === 8) await agent.ask({ call: ["goalState"] });
        }
      },
    });
  },
};
