import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-unanswered-near-miss.pcap",
  happened:
    "the SYN-ACK to one probe is lost on the way, the probe's second SYN is answered and the connection succeeds",
  made: "the relay drops one SYN-ACK",
  found: "no `probe-unanswered`",
  topology: { relay: true },
  async run(lab) {
    const relay = await lab.relay({});
    return recordProbes(lab, {
      open: [{ port: 443, kind: "tcp" }],
      series: [{ kind: "tcp", port: 443 }],
      meanwhile: async () => {
        await lab.sleep(7);
        relay.set({ toPlatform: [{ match: "syn", count: 1, do: "drop" }] });
        await lab.sleep(15);
      },
    });
  },
};
