export const scenario = {
  file: "probe-https.pcap",
  happened: "an HTTPS probe on one connection: TLS 1.3 without SNI, a request every five seconds",
  made: "the probe with TLS, a self-signed certificate from openssl",
  found: "nothing; one series, up",
  async run(lab) {
    const apps = await lab.apps();
    await apps.ask({ open: { port: 443, kind: "https", tlsOptions: await lab.certificate() } });
    const recording = await lab.record();
    const probes = await lab.probes();
    await probes.probe({ kind: "https", port: 443 });
    await lab.sleep(31);
    await probes.ask({ stop: true });
    return recording.stop();
  },
};
