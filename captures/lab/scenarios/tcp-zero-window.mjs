export const scenario = {
  file: "tcp-zero-window.pcap",
  happened:
    "a client in the VM asks for an artifact and reads nothing for four seconds: its window closes, the platform probes it, then it reads on",
  made: "a reader in python that sleeps, a receive buffer of 16 KiB",
  found: "`zero-window` warning, the VM as the one that stalls",
  async run(lab) {
    const platform = await lab.wireServer();
    const headers = { "Content-Type": "application/octet-stream" };
    const answer = { status: 200, reason: "OK", headers, body: "FAKEARTIFACT----".repeat(4000) };
    await platform.ask({ override: { match: "GET:32526:/extensionArtifact", answer } });
    await lab.run("vm", "sysctl", "-qw", "net.ipv4.tcp_rmem=4096 16384 16384");
    const recording = await lab.record();
    await lab.run("vm", "python3", lab.file("reader.py", READER), "4");
    return recording.stop();
  },
};

/** Asks for the artifact, and reads nothing for so many seconds. */
export const READER = `
import socket, sys, time
s = socket.create_connection(("168.63.129.16", 32526))
s.sendall(b"GET /extensionArtifact HTTP/1.1\\r\\nHost: 168.63.129.16:32526\\r\\nConnection: close\\r\\n\\r\\n")
time.sleep(float(sys.argv[1]))
left = 64000
while left > 0:
    left -= len(s.recv(65536))
s.close()
`;
