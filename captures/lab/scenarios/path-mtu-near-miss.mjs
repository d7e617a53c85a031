export const scenario = {
  file: "path-mtu-near-miss.pcap",
  happened: "one segment of full size is lost once in an upload of many that pass",
  made: "the relay drops one frame over 1,300 bytes",
  found: "nothing above notice",
  topology: { relay: true },
  async run(lab) {
    await lab.relay({ toPlatform: [{ minimum: 1301, count: 1, do: "drop" }] });
    await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ call: ["goalState"] });
    await agent.ask({ call: ["log", 20_000] });
    await lab.sleep(1);
    return recording.stop();
  },
};
