import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "request-unanswered.pcap",
  happened:
    "HostGAPlugin accepts connections and acknowledges each request for the settings, but never answers; the agent gives up after ten seconds and tries again",
  made: "the agent against a server that stays silent",
  found: "`request-unanswered` (hostga-plugin) critical",
  run: (lab) =>
    recordAgent(lab, { seconds: 45, overrides: [{ match: "GET:32526:/vmSettings", answer: { silent: true } }] }),
};
