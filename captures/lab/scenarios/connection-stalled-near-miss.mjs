import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "connection-stalled-near-miss.pcap",
  happened: "one request to HostGAPlugin is lost twice and then arrives; everything else works",
  made: "the relay drops two data segments",
  found: "nothing above notice",
  topology: { relay: true },
  async run(lab) {
    const relay = await lab.relay({});
    return recordAgent(lab, {
      seconds: 14,
      settings: { status: false },
      meanwhile: async () => {
        await lab.sleep(4);
        relay.set({ toPlatform: [{ match: "data", port: 32526, count: 2, do: "drop" }] });
      },
    });
  },
};
