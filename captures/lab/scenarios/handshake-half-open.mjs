import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "handshake-half-open.pcap",
  happened: "the VM's SYN is answered, and neither an ACK nor another SYN follows; the platform repeats its SYN-ACK",
  made: "the VM's OUTPUT chain drops everything to port 80 but SYN",
  found: "`handshake-half-open` (wireserver) warning",
  async run(lab) {
    await lab.firewall("vm", "-A OUTPUT -p tcp --dport 80 ! --syn -j DROP");
    return recordAgent(lab, { seconds: 45, settings: { hostGaPlugin: false } });
  },
};
