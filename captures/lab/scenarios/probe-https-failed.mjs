export const scenario = {
  file: "probe-https-failed.pcap",
  happened: "the VM's HTTPS server accepts TLS 1.3 alone, the probe offers 1.2: each handshake ends with an alert",
  made: "the probe with TLS 1.2 at most, a server with 1.3 at least",
  found: "`probe-tls-failed` critical",
  async run(lab) {
    const apps = await lab.apps();
    await apps.ask({
      open: { port: 443, kind: "https", tlsOptions: { ...(await lab.certificate()), minVersion: "TLSv1.3" } },
    });
    const recording = await lab.record();
    const probes = await lab.probes();
    await probes.probe({ kind: "https", port: 443, maxVersion: "TLSv1.2" });
    await lab.sleep(26);
    return recording.stop();
  },
};
