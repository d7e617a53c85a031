import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "handshake-unanswered-near-miss.pcap",
  happened: "polling works; the capture ends half a second after a SYN that is not answered yet",
  made: "iptables DROP, and the recording stopped at once",
  found: "nothing above notice: a connection inside its waiting time has not failed",
  run: (lab) =>
    recordAgent(lab, {
      seconds: 0,
      record: { immediate: true },
      meanwhile: async ({ agent }) => {
        await lab.sleep(14);
        await agent.ask({ stop: true });
        await lab.firewall("platform", "-A INPUT -p tcp --dport 80 -j DROP");
        agent.ask({ call: ["goalState"] });
      },
    }),
};
