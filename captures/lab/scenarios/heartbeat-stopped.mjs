import { recordProbes } from "../parts.mjs";

/** Seconds of polling, and of the capture after it. */
const BEFORE = 38;
const AFTER = 45;

export const scenario = {
  file: "heartbeat-stopped.pcap",
  happened: "the agent polls every six seconds for 38 seconds, then never again for 45, while probes and lookups go on",
  made: "the agent stopped",
  found: "`heartbeat-stopped` critical",
  async run(lab) {
    await lab.dnsmasq({ dhcp: false });
    await lab.wireServer();
    return recordProbes(lab, {
      open: [{ port: 443, kind: "tcp" }],
      series: [{ kind: "tcp", port: 443 }],
      meanwhile: async () => {
        const agent = await lab.agent();
        await agent.ask({ poll: { heartbeat: false } });
        await lab.sleep(BEFORE);
        await agent.ask({ stop: true });
        for (let round = 0; round < AFTER / 5; round++) {
          await lab.dig("packages.example.com A");
          await lab.sleep(5);
        }
      },
    });
  },
};
