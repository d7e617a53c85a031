export const scenario = {
  file: "capture-truncated-packets-near-miss.pcap",
  happened: "a healthy agent, recorded with a snap length of 1,600 bytes, which no packet reaches",
  made: "tcpdump -s 1600",
  found: "no `capture-truncated-packets`",
  async run(lab) {
    await lab.wireServer();
    const recording = await lab.record({ args: ["-i", "eth0", "-s", "1600"] });
    const agent = await lab.agent();
    await agent.ask({ poll: { heartbeat: false } });
    await lab.sleep(13);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
