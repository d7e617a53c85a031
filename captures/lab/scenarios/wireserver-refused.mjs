export const scenario = {
  file: "wireserver-refused.pcap",
  happened: "nothing listens on port 80: each SYN is answered with RST; HostGAPlugin works",
  made: "WireServer not started, the agent with its retries",
  found: "`handshake-refused` (wireserver) critical",
  async run(lab) {
    await lab.wireServer({ ports: [32526] });
    const recording = await lab.record();
    const agent = await lab.agent();
    agent.ask({ call: ["goalState"] });
    const plugin = await lab.agent();
    for (let round = 0; round < 5; round++) {
      await plugin.ask({ call: ["vmSettings"] });
      await lab.sleep(6);
    }
    return recording.stop();
  },
};
