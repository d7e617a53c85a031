const REQUEST = "GET /vmSettings HTTP/1.1\\r\\nHost: 168.63.129.16:32526\\r\\nx-ms-version: 2015-09-01\\r\\n\\r\\n";
const VERSIONS = "GET /versions HTTP/1.1\\r\\nHost: 168.63.129.16:32526\\r\\n\\r\\n";

export const scenario = {
  file: "http-pipelined-chunked.pcap",
  happened:
    "a connection that is older than the capture and stays open: a request with a chunked answer, three requests in one segment, and a second connection with its handshake that does the same",
  made: "nc with requests from printf, a WireServer that sends chunks; tcpdump started after the first connection",
  found: "nothing above notice; eight exchanges, the first connection mid-stream",
  async run(lab) {
    const platform = await lab.wireServer();
    const chunked = [
      '{"hostGAPluginVersion":"1.0.8.155",',
      '"vmSettingsSchemaVersion":"0.0",',
      '"extensionGoalStatesSource":"FastTrack"}',
    ];
    const headers = { "Content-Type": "application/json; charset=utf-8", ETag: '"1201"' };
    await platform.ask({
      override: { match: "GET:32526:/vmSettings", answer: { status: 200, reason: "OK", headers, chunked } },
    });
    const talk = `sleep 2; printf '${REQUEST}'; sleep 1; printf '${REQUEST}${VERSIONS}${VERSIONS}'; sleep 1`;
    const first = lab.shell(`(${talk}) | nc -N 168.63.129.16 32526`);
    await lab.sleep(1);
    const recording = await lab.record();
    await first;
    await lab.shell(`(${talk}) | nc -N 168.63.129.16 32526`);
    return recording.stop();
  },
};
