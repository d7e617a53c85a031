export const scenario = {
  file: "packets-reordered-near-miss.pcap",
  happened: "the VM downloads an artifact while single segments change places with the one that follows",
  made: "the relay swaps segments",
  found: "nothing above notice, no `packets-reordered`: fewer than ten segments",
  topology: { relay: true },
  async run(lab) {
    // A round trip as through a network: with none the platform takes the late segments for lost and sends them again (RFC 8985).
    const slow = [{ match: "tcp", do: "delay", ms: 40 }];
    const swapped = [{ match: "data", port: 32526, minimum: 1400, every: 10, count: 3, do: "swap" }];
    await lab.relay({ toPlatform: slow, toVm: swapped });
    const platform = await lab.wireServer();
    const headers = { "Content-Type": "application/octet-stream" };
    const answer = { status: 200, reason: "OK", headers, body: "FAKEARTIFACT----".repeat(7000) };
    await platform.ask({ override: { match: "GET:32526:/extensionArtifact", answer } });
    const recording = await lab.record();
    await lab.run("vm", "curl", "-s", "-m", "20", "-o", "/dev/null", "http://168.63.129.16:32526/extensionArtifact");
    await lab.sleep(1);
    return recording.stop();
  },
};
