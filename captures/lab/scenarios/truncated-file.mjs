/** Within the last record of the recording: its header is there, and a part of its packet. */
const LEFT_OUT_BYTES = 23;

export const scenario = {
  file: "truncated-file.pcap",
  happened: "a copy of a capture that was still being written: it ends in the middle of a record",
  made: "tcpdump of a few polls, the last 23 bytes cut off",
  found: "a problem in `capture.problems` and exit status 3; everything before it analysed, nothing above notice",
  async run(lab) {
    await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.sleep(13);
    await agent.ask({ stop: true });
    const whole = await recording.stop();
    return whole.subarray(0, whole.length - LEFT_OUT_BYTES);
  },
};
