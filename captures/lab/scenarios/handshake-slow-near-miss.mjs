import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "handshake-slow-near-miss.pcap",
  happened: "every SYN is 400 ms late, and every connection succeeds with its first",
  made: "the relay delays SYNs",
  found: "nothing above notice: below the second of `handshake-slow`",
  topology: { relay: true },
  async run(lab) {
    await lab.relay({ toPlatform: [{ match: "syn", do: "delay", ms: 400 }] });
    return recordAgent(lab, { seconds: 14 });
  },
};
