export const scenario = {
  file: "secrets-in-capture.pcap",
  happened:
    "a status upload with a shared access signature, certificates with their header, a CNI request with an authentication token, and a key of the proxy agent",
  made: "the agent and curl; every secret is made up",
  found: "`secrets-in-capture` notice; none of the words FAKE in any redacted output",
  async run(lab) {
    const platform = await lab.wireServer();
    const key =
      '{"authorizationScheme":"Azure-HMAC-SHA256","guid":"00000000-0000-4000-8000-00000000fa1e","issued":"2026-01-01T00:00:00Z","key":"FAKE4A404E635266556A586E3272357538782F413F4428472B4B6250645367FAKE"}';
    const headers = { "Content-Type": "application/json; charset=utf-8" };
    await platform.ask({
      override: { match: "POST:80:/secure-channel/key", answer: { status: 200, reason: "OK", headers, body: key } },
    });
    const interfaces =
      '<Interfaces><Interface MacAddress="000D3A4C1E04" IsPrimary="true"><IPSubnet Prefix="10.1.0.0/24"><IPAddress Address="10.1.0.4" IsPrimary="true"/></IPSubnet></Interface></Interfaces>';
    await platform.ask({
      override: { match: "GET:80:comp=nmagent", answer: { status: 200, reason: "OK", body: interfaces } },
    });
    const recording = await lab.record();
    const agent = await lab.agent();
    await agent.ask({ call: ["goalState"] });
    await agent.ask({ call: ["certificates"] });
    await agent.ask({ call: ["vmSettings"] });
    await agent.ask({ call: ["status"] });
    const curl = (...args) => lab.run("vm", "curl", "-s", "-m", "5", ...args);
    await curl("-X", "POST", "-H", "Metadata: True", "-d", "{}", "http://168.63.129.16/secure-channel/key");
    const token =
      "networkManagement/interfaces/00000000-0000-4000-8000-00000000fa1e/networkContainers/fake/authenticationToken/FAKEtokenFAKEtokenFAKEtoken/api-version/1";
    await curl(`http://168.63.129.16/machine/plugins?comp=nmagent&type=${token}`);
    await curl(
      "-H",
      "x-ms-artifact-location: https://md-fakelab01.z1.blob.storage.azure.net/x/extension.zip?sv=2018-03-28&sr=b&sig=FAKEfakeARTIFACTsignatureFAKE%3d",
      "http://168.63.129.16:32526/extensionArtifact",
    );
    return recording.stop();
  },
};
