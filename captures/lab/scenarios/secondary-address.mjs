export const scenario = {
  file: "secondary-address.pcap",
  happened:
    "a second address is added to the primary NIC, and a second agent asks from it: HostGAPlugin answers 400 InvalidContainerConfiguration",
  made: "dhclient for the first address, ip addr add for the second, the agent bound to it",
  found: "`secondary-address-source` warning, 10.1.0.5; `container-mismatch` may join it",
  topology: { configure: false },
  async run(lab) {
    const recording = await lab.record();
    await lab.dnsmasq();
    const platform = await lab.wireServer();
    await lab.dhclient();
    const agent = await lab.agent();
    await agent.ask({ poll: {} });
    await lab.sleep(13);
    await agent.ask({ stop: true });
    await lab.run("vm", "ip", "addr", "add", "10.1.0.5/24", "dev", "eth0");
    await platform.ask({
      override: {
        match: "GET:32526:/vmSettings",
        answer: {
          status: 400,
          reason: "Bad Request",
          body: '{"errorCode":"InvalidContainerConfiguration","message":"Invalid container configuration: ValidateIpAddress 0x8000100a","details":""}',
        },
      },
    });
    const other = await lab.agent({ localAddress: "10.1.0.5", status: false });
    await other.ask({ poll: { heartbeat: false } });
    await lab.sleep(25);
    return recording.stop();
  },
};
