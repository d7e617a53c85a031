import { answer, recordAgent } from "../parts.mjs";

const MISMATCH = answer(
  400,
  "Bad Request",
  '{"errorCode":"InvalidContainerConfiguration","message":"Invalid container configuration: ValidateIpAddress 0x8000100a","details":""}',
);

export const scenario = {
  file: "container-mismatch-near-miss.pcap",
  happened: "one 400 InvalidContainerConfiguration, and 200 and 304 from then on",
  made: "the agent with a server that refuses once",
  found: "nothing above notice",
  run: (lab) =>
    recordAgent(lab, { seconds: 25, overrides: [{ match: "GET:32526:/vmSettings", answer: MISMATCH, times: 1 }] }),
};
