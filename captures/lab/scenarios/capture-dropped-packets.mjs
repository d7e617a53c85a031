export const scenario = {
  file: "capture-dropped-packets.pcap",
  happened:
    "the recorder missed about one packet in eight of a healthy agent's polling: bytes are acknowledged that the capture never saw",
  made: "tcpdump with a filter on the IP identification that stands for the loss",
  found: "`capture-dropped-packets` warning; no `packet-loss`, no `request-unanswered`",
  async run(lab) {
    const platform = await lab.wireServer();
    const headers = { "Content-Type": "application/octet-stream" };
    const answer = { status: 200, reason: "OK", headers, body: "FAKEARTIFACT----".repeat(4000) };
    await platform.ask({ override: { match: "GET:32526:/extensionArtifact", answer } });
    const recording = await lab.record({ args: ["-i", "eth0", "not (ip and ip[5] & 7 == 3)"] });
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.run("vm", "curl", "-s", "-m", "20", "-o", "/dev/null", "http://168.63.129.16:32526/extensionArtifact");
    await lab.sleep(20);
    await agent.ask({ stop: true });
    return recording.stop();
  },
};
