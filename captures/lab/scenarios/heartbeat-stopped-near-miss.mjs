import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "heartbeat-stopped-near-miss.pcap",
  happened: "the agent polls every six seconds for 38 seconds; the capture ends 20 seconds after its last request",
  made: "the agent stopped",
  found: "nothing above notice: fewer than five periods",
  async run(lab) {
    await lab.wireServer();
    return recordProbes(lab, {
      open: [{ port: 443, kind: "tcp" }],
      series: [{ kind: "tcp", port: 443 }],
      meanwhile: async () => {
        const agent = await lab.agent();
        await agent.ask({ poll: { heartbeat: false } });
        await lab.sleep(38);
        await agent.ask({ stop: true });
        await lab.sleep(18);
      },
    });
  },
};
