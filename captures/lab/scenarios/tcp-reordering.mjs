export const scenario = {
  file: "tcp-reordering.pcap",
  happened: "the VM downloads an artifact while every fifth segment is held back by four milliseconds",
  made: "the relay delays segments, and the platform's kernel is told to be patient with reordering",
  found: "`packets-reordered` notice (hostga-plugin); no `packet-loss`",
  topology: { relay: true },
  async run(lab) {
    // Late by less than a quarter of the round trip, else the platform would take them for lost and send them again (RFC 8985).
    const late = { match: "data", port: 32526, minimum: 1400, every: 5, do: "delay", ms: 44 };
    await lab.relay({ toVm: [late, { match: "tcp", do: "delay", ms: 40 }] });
    await lab.run("platform", "sysctl", "-qw", "net.ipv4.tcp_reordering=100", "net.ipv4.tcp_early_retrans=0");
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
