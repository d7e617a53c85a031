import { answer, recordAgent } from "../parts.mjs";

const BROKEN = answer(
  500,
  "Internal Server Error",
  '{"errorCode":"InternalError","message":"An internal error occurred."}',
);

export const scenario = {
  file: "host-error.pcap",
  happened: "HostGAPlugin answers 500 to every status upload and every try again",
  made: "the agent with its retries",
  found: "`host-error` (hostga-plugin) warning",
  run: (lab) => recordAgent(lab, { seconds: 35, overrides: [{ match: "PUT:32526:/status", answer: BROKEN }] }),
};
