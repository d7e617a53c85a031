import { answer, recordAgent } from "../parts.mjs";

export const scenario = {
  file: "request-unanswered-near-miss.pcap",
  happened: "HostGAPlugin answers every request for the settings, after 2.5 seconds",
  made: "the agent against a late server",
  found: "nothing above notice: neither `request-unanswered` nor `response-slow`",
  run: (lab) => {
    const late = answer(200, "OK", '{"hostGAPluginVersion":"1.0.8.155"}', { delayMs: 2500 });
    return recordAgent(lab, { seconds: 26, overrides: [{ match: "GET:32526:/vmSettings", answer: late }] });
  },
};
