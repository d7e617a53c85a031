export const scenario = {
  file: "healthy-probes.pcap",
  happened:
    "two TCP probes and one HTTP probe succeed for a minute; the HTTP probe's connection is older than the capture",
  made: "probes from the platform address; tcpdump started after them",
  found: "nothing; three series, all up, the HTTP one mid-stream",
  async run(lab) {
    const apps = await lab.apps();
    for (const port of [22, 443]) await apps.ask({ open: { port, kind: "tcp" } });
    await apps.ask({ open: { port: 8080, kind: "http" } });
    const probes = await lab.probes();
    await probes.probe({ kind: "http", port: 8080, path: "/health/ready" });
    await lab.sleep(2);
    const recording = await lab.record();
    await lab.sleep(1);
    await probes.probe({ kind: "tcp", port: 443 });
    await lab.sleep(1.3);
    await probes.probe({ kind: "tcp", port: 22 });
    await lab.sleep(61);
    return recording.stop();
  },
};
