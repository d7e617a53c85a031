import { answer, recordAgent } from "../parts.mjs";

const DENIED = answer(403, "Forbidden", '{"errorCode":"Forbidden","message":"Error during client validation."}');

export const scenario = {
  file: "requests-throttled-near-miss.pcap",
  happened: "five answers 403 to the settings, then success",
  made: "the agent with its retries after throttling",
  found: "nothing above notice: below six in a minute",
  run: (lab) =>
    recordAgent(lab, {
      seconds: 20,
      settings: { tries: 25 },
      overrides: [{ match: "GET:32526:/vmSettings", answer: DENIED, times: 5 }],
    }),
};
