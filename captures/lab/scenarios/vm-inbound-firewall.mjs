export const scenario = {
  file: "vm-inbound-firewall.pcap",
  happened: "the VM's own firewall drops what comes in from port 80: SYN-ACKs arrive, and the VM goes on sending SYN",
  made: "iptables DROP in the VM's INPUT chain, the agent with its retries",
  found: "`syn-ack-ignored` (wireserver) critical; no `handshake-unanswered`",
  async run(lab) {
    await lab.wireServer();
    await lab.firewall("vm", "-A INPUT -p tcp --sport 80 -j DROP");
    const recording = await lab.record();
    const agent = await lab.agent();
    agent.ask({ call: ["goalState"] });
    const plugin = await lab.agent();
    for (let round = 0; round < 7; round++) {
      await plugin.ask({ call: ["vmSettings"] });
      await lab.sleep(6);
    }
    return recording.stop();
  },
};
