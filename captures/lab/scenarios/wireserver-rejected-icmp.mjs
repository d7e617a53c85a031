import { rejectAtGateway } from "../gateway.mjs";

export const scenario = {
  file: "wireserver-rejected-icmp.pcap",
  happened: "an appliance at the gateway's address rejects port 80 with ICMP administratively prohibited",
  made: "a prohibit rule in the routing of the platform's side, which answers from the gateway 10.1.0.1",
  found: "`handshake-rejected` (wireserver) critical, naming 10.1.0.1",
  async run(lab) {
    await lab.wireServer();
    await rejectAtGateway(lab, "ipproto tcp dport 80");
    const recording = await lab.record();
    const agent = await lab.agent();
    agent.ask({ call: ["goalState"] });
    const plugin = await lab.agent();
    for (let round = 0; round < 5; round++) {
      await plugin.ask({ call: ["vmSettings"] });
      await lab.sleep(6);
    }
    return recording.stop();
  },
};
