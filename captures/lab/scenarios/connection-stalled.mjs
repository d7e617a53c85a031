import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "connection-stalled.pcap",
  happened:
    "connections to HostGAPlugin open, but no data of the VM arrives there: each request is sent again and again and never acknowledged; WireServer works",
  made: "the relay drops data segments to port 32526",
  found:
    "`connection-stalled` (hostga-plugin) critical; no `packet-loss`, no `request-unanswered` for the same packets",
  topology: { relay: true },
  async run(lab) {
    await lab.relay({ toPlatform: [{ match: "data", port: 32526, do: "drop" }] });
    return recordAgent(lab, { seconds: 40, settings: { status: false } });
  },
};
