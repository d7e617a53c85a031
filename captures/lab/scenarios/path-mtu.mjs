export const scenario = {
  file: "path-mtu.pcap",
  happened:
    "the agent's log upload stalls: segments of full size vanish, small ones pass; WireServer and small requests work",
  made: "the relay drops frames over 1,300 bytes towards the platform",
  found: "`path-mtu` (hostga-plugin) warning",
  topology: { relay: true },
  async run(lab) {
    await lab.relay({ toPlatform: [{ minimum: 1301, do: "drop" }] });
    await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent({ tries: 2 });
    await agent.ask({ call: ["goalState"] });
    await agent.ask({ call: ["vmSettings"] });
    await agent.ask({ call: ["log", 20_000] });
    await agent.ask({ call: ["status"] });
    await lab.sleep(1);
    return recording.stop();
  },
};
