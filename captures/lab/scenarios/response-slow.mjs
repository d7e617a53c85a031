import { answer, recordAgent } from "../parts.mjs";

export const scenario = {
  file: "response-slow.pcap",
  happened: "HostGAPlugin takes four seconds for each request for the settings",
  made: "the agent against a late server",
  found: "`response-slow` (hostga-plugin) warning",
  run: (lab) => {
    const late = answer(200, "OK", '{"hostGAPluginVersion":"1.0.8.155"}', { delayMs: 4000 });
    return recordAgent(lab, { seconds: 31, overrides: [{ match: "GET:32526:/vmSettings", answer: late }] });
  },
};
