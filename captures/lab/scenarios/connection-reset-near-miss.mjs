export const scenario = {
  file: "connection-reset-near-miss.pcap",
  happened: "a client that closes with RST, after each answer was there in full",
  made: "a reader in python with SO_LINGER 0",
  found: "nothing above notice: the exchange had ended",
  async run(lab) {
    await lab.wireServer();
    const recording = await lab.record();
    await lab.run("vm", "python3", lab.file("reader.py", READER));
    return recording.stop();
  },
};

const READER = `
import socket, struct, time
for _ in range(5):
    s = socket.create_connection(("168.63.129.16", 80))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.sendall(b"GET /?comp=versions HTTP/1.1\\r\\nHost: 168.63.129.16\\r\\n\\r\\n")
    while b"</Versions>" not in s.recv(65536):
        pass
    s.close()
    time.sleep(1)
`;
