export const scenario = {
  file: "agent-dhcp-probe.pcap",
  happened:
    "the agent finds no route and no lease and sends its own DISCOVER of 244 bytes with option 53 alone; the server's OFFER names the platform",
  made: "the agent's message from python, dnsmasq",
  found: "`agent-dhcp-probe` notice",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq();
    await lab.run("vm", "ip", "route", "add", "default", "dev", "eth0");
    await lab.run("vm", "python3", lab.file("discover.py", DISCOVER));
    await lab.sleep(1);
    return recording.stop();
  },
};

const DISCOVER = `
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("0.0.0.0", 68))
mac = bytes.fromhex("000d3a4c1e04")
head = struct.pack("!4B4s2H", 1, 1, 6, 0, bytes.fromhex("5a3c19e7"), 0, 0x8000)
message = head + bytes(16) + mac + bytes(10) + bytes(64) + bytes(128) + bytes.fromhex("63825363") + bytes([53, 1, 1, 255])
assert len(message) == 244
s.sendto(message, ("255.255.255.255", 67))
s.settimeout(5)
s.recv(1024)
`;
