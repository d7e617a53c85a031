export const scenario = {
  file: "healthy-agent-minutes.pcapng",
  happened:
    "three minutes of the agent's steady state on one NIC: goal state, settings (200, then 304) and status every six seconds, the heartbeat every minute",
  made: "dumpcap on eth0",
  found: "nothing above notice (`secrets-in-capture`); wireserver and hostga-plugin healthy",
  async run(lab) {
    await lab.wireServer();
    const recording = await lab.record({ program: "dumpcap" });
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.sleep(181);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
