const REASON =
  "result=error|reason=failure to obtain DHCP lease|agent=Cloud-Init/25.3|documentation_url=https://aka.ms/linuxprovisioningerror";

export const scenario = {
  file: "agent-not-ready.pcap",
  happened: "provisioning fails: the agent reports NotReady with ProvisioningFailed and a reason",
  made: "the agent's first requests, then the report of a failure",
  found: "`agent-not-ready` critical, quoting ProvisioningFailed and the reason",
  async run(lab) {
    await lab.wireServer();
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ call: ["versions"] });
    await agent.ask({ call: ["goalState"] });
    await agent.ask({ call: ["health", "NotReady", "Provisioning", "Starting"] });
    await lab.sleep(5);
    await agent.ask({ call: ["health", "NotReady", "ProvisioningFailed", REASON] });
    await lab.sleep(5);
    return recording.stop();
  },
};
