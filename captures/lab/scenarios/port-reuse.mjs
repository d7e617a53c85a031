export const scenario = {
  file: "port-reuse.pcap",
  happened: "one client port is used for four connections to WireServer, one after the other",
  made: "nc -p, WireServer closing first",
  found: "nothing; four flows with the same addresses and ports",
  async run(lab) {
    const platform = await lab.wireServer();
    await platform.ask({
      override: {
        match: "GET:80:versions",
        answer: { status: 200, reason: "OK", body: "<Versions/>", close: true, headers: { Connection: "close" } },
      },
    });
    const recording = await lab.record();
    for (let round = 0; round < 4; round++) {
      await lab.shell(
        "printf 'GET /?comp=versions HTTP/1.1\\r\\nHost: 168.63.129.16\\r\\n\\r\\n' | nc -p 40000 168.63.129.16 80",
      );
      await lab.sleep(1.2);
    }
    return recording.stop();
  },
};
