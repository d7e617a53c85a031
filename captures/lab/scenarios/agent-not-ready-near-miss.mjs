export const scenario = {
  file: "agent-not-ready-near-miss.pcap",
  happened: "the agent reports NotReady with Provisioning, and Ready five seconds later",
  made: "the agent's first requests",
  found: "nothing",
  async run(lab) {
    await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ call: ["versions"] });
    await agent.ask({ call: ["goalState"] });
    await agent.ask({ call: ["health", "NotReady", "Provisioning", "Starting"] });
    await lab.sleep(5);
    await agent.ask({ call: ["health", "Ready"] });
    await lab.sleep(5);
    return recording.stop();
  },
};
