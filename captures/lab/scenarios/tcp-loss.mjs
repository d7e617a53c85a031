export const scenario = {
  file: "tcp-loss.pcap",
  happened: "the agent uploads its log while every sixth data segment is lost on the way",
  made: "the relay drops data segments",
  found: "`packet-loss` warning (hostga-plugin); retransmissions, also fast ones after SACK",
  topology: { relay: true },
  async run(lab) {
    await lab.relay({ toPlatform: [{ match: "data", port: 32526, every: 6, do: "drop" }] });
    await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent({ timeoutMs: 60_000 });
    await agent.ask({ call: ["log", 130_000] });
    await lab.sleep(1);
    return recording.stop();
  },
};
