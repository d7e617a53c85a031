import { answer, recordAgent } from "../parts.mjs";

const MISMATCH = answer(
  400,
  "Bad Request",
  '{"errorCode":"InvalidContainerConfiguration","message":"Invalid container configuration: ValidateIpAddress 0x8000100a","details":""}',
);

export const scenario = {
  file: "container-mismatch.pcap",
  happened:
    "HostGAPlugin answers 400 InvalidContainerConfiguration to every request for the settings: a container id that is not current",
  made: "the agent with a server that refuses its container",
  found: "`container-mismatch` warning",
  run: (lab) => recordAgent(lab, { seconds: 31, overrides: [{ match: "GET:32526:/vmSettings", answer: MISMATCH }] }),
};
