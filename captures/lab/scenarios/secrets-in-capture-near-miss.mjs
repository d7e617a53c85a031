export const scenario = {
  file: "secrets-in-capture-near-miss.pcap",
  happened: "versions and goal states: container ids and role names, and no secret",
  made: "the agent and curl",
  found: "nothing",
  async run(lab) {
    await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ call: ["versions"] });
    await agent.ask({ call: ["goalState"] });
    await lab.run(
      "vm",
      "curl",
      "-s",
      "-m",
      "5",
      "http://168.63.129.16/machine?comp=goalstate",
      "-H",
      "x-ms-version: 2012-11-30",
    );
    return recording.stop();
  },
};
