export const scenario = {
  file: "capture-clock-jump.pcap",
  happened:
    "the machine's clock is set back by 30 seconds in the middle of a healthy agent's polling, and forward by two hours later",
  made: "three recordings of one agent, shifted by editcap -t and joined by mergecap -a",
  found: "`capture-clock-jump` notice, twice; nothing about what is only late by the clock",
  async run(lab) {
    await lab.wireServer();
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    const parts = [];
    for (const shiftSeconds of [0, -30, 7200]) {
      const recording = await lab.record();
      await lab.sleep(12);
      parts.push(await lab.shifted(await recording.stop(), shiftSeconds));
    }
    await agent.ask({ stop: true });
    return lab.joined(parts);
  },
};
