export const scenario = {
  file: "tcp-delay-retransmit.pcap",
  happened:
    "nothing is lost, but what the platform sends arrives 700 ms late, more than the VM waits before it sends again",
  made: "the relay delays the platform's segments in one of three polls",
  found: "spurious retransmissions counted; fewer than `packet-loss` asks for, so nothing above notice",
  topology: { relay: true },
  async run(lab) {
    const relay = await lab.relay();
    await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ call: ["goalState"] });
    await agent.ask({ call: ["vmSettings"] });
    relay.set({ toVm: [{ match: "tcp", do: "delay", ms: 700 }] });
    await lab.sleep(0.2);
    await agent.ask({ call: ["goalState"] });
    await agent.ask({ call: ["status"] });
    relay.set({});
    await lab.sleep(2);
    await agent.ask({ call: ["goalState"] });
    return recording.stop();
  },
};
