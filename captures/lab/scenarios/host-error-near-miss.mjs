import { answer, recordAgent } from "../parts.mjs";

const UPSTREAM = answer(502, "Bad Gateway", '{"errorCode":"InternalError","message":"The upstream did not answer."}');

export const scenario = {
  file: "host-error-near-miss.pcap",
  happened: "one status upload gets 502, and its second try succeeds, as do all others",
  made: "the agent with its retries",
  found: "nothing above notice",
  run: (lab) =>
    recordAgent(lab, { seconds: 25, overrides: [{ match: "PUT:32526:/status", answer: UPSTREAM, times: 1 }] }),
};
