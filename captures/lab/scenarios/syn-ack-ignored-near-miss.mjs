import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "syn-ack-ignored-near-miss.pcap",
  happened: "every SYN-ACK of the platform arrives twice, and every connection succeeds",
  made: "the relay doubles SYN-ACKs",
  found: "nothing above notice",
  topology: { relay: true },
  async run(lab) {
    await lab.relay({ toVm: [{ match: "syn", do: "copy" }] });
    return recordAgent(lab, { seconds: 14 });
  },
};
