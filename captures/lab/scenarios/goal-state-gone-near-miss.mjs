import { answer, recordAgent } from "../parts.mjs";

const GONE = answer(
  410,
  "Gone",
  '{"errorCode":"ResourceGone","message":"The container is no longer current.","details":""}',
);

export const scenario = {
  file: "goal-state-gone-near-miss.pcap",
  happened:
    "after a live migration HostGAPlugin answers 410 once; the agent fetches the goal state with its new container id, and all is well",
  made: "the agent's own refresh",
  found: "nothing above notice",
  run: (lab) =>
    recordAgent(lab, {
      seconds: 20,
      meanwhile: async ({ platform }) => {
        await lab.sleep(8);
        await platform.ask({ override: { match: "GET:32526:/vmSettings", answer: GONE, times: 1 } });
        await platform.ask({ incarnation: 2, containerId: "0f4dc2a1-77d1-4f0c-9a53-1d0f0a6b7a10" });
      },
    }),
};
