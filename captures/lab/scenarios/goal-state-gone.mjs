import { answer } from "../parts.mjs";

const GONE = answer(
  410,
  "Gone",
  '{"errorCode":"ResourceGone","message":"The container is no longer current.","details":""}',
);

export const scenario = {
  file: "goal-state-gone.pcap",
  happened:
    "HostGAPlugin answers 410 to the settings again and again, and the agent does not fetch a goal state in between",
  made: "an agent that asks for the settings alone",
  found: "`goal-state-gone` warning",
  async run(lab) {
    const platform = await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ call: ["goalState"] });
    await agent.ask({ call: ["vmSettings"] });
    await platform.ask({ override: { match: "GET:32526:/vmSettings", answer: GONE } });
    for (let round = 0; round < 5; round++) {
      await lab.sleep(6);
      await agent.ask({ call: ["vmSettings"] });
    }
    return recording.stop();
  },
};
