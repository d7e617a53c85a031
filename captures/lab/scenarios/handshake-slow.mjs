import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "handshake-slow.pcap",
  happened: "the first SYN of three connections to WireServer is lost; each connects with its second",
  made: "the relay drops single SYNs",
  found: "`handshake-slow` (wireserver) warning; no `handshake-unanswered`",
  topology: { relay: true },
  async run(lab) {
    const relay = await lab.relay({});
    return recordAgent(lab, {
      seconds: 4,
      meanwhile: async () => {
        for (let round = 0; round < 3; round++) {
          await lab.sleep(5);
          relay.set({ toPlatform: [{ match: "syn", port: 80, count: 1, do: "drop" }] });
          await lab.sleep(3);
        }
      },
    });
  },
};
