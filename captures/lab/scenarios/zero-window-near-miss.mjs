import { READER } from "./tcp-zero-window.mjs";

export const scenario = {
  file: "zero-window-near-miss.pcap",
  happened: "a client in the VM reads nothing for half a second, so its window closes for about that long",
  made: "a reader in python that sleeps, a receive buffer of 16 KiB",
  found: "nothing above notice: below the second of `zero-window`",
  async run(lab) {
    const platform = await lab.wireServer();
    const headers = { "Content-Type": "application/octet-stream" };
    const answer = { status: 200, reason: "OK", headers, body: "FAKEARTIFACT----".repeat(4000) };
    await platform.ask({ override: { match: "GET:32526:/extensionArtifact", answer } });
    await lab.run("vm", "sysctl", "-qw", "net.ipv4.tcp_rmem=4096 16384 16384");
    const recording = await lab.record();
    await lab.run("vm", "python3", lab.file("reader.py", READER), "0.5");
    return recording.stop();
  },
};
