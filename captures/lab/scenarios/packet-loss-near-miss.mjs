export const scenario = {
  file: "packet-loss-near-miss.pcap",
  happened: "the agent uploads its log while four data segments are lost on the way",
  made: "the relay drops data segments",
  found: "nothing above notice: fewer than ten segments",
  topology: { relay: true },
  async run(lab) {
    await lab.relay({ toPlatform: [{ match: "data", port: 32526, every: 12, count: 4, do: "drop" }] });
    await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent({ timeoutMs: 60_000 });
    await agent.ask({ call: ["log", 100_000] });
    await lab.sleep(1);
    return recording.stop();
  },
};
