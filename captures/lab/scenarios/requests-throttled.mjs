import { answer, recordAgent } from "../parts.mjs";

const BUSY = answer(
  429,
  "Too Many Requests",
  '{"errorCode":"RequestRateLimitExceeded","message":"Too many requests."}',
);

export const scenario = {
  file: "requests-throttled.pcap",
  happened:
    "HostGAPlugin answers 429 to the settings; the agent tries again each second, nine times within ten seconds, until it gets through",
  made: "the agent with its retries after throttling",
  found: "`requests-throttled` warning",
  run: (lab) =>
    recordAgent(lab, {
      seconds: 20,
      settings: { tries: 25 },
      overrides: [{ match: "GET:32526:/vmSettings", answer: BUSY, times: 9 }],
    }),
};
