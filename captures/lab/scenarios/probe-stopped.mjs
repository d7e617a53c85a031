import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-stopped.pcap",
  happened:
    "the probe of port 443 ends after 25 seconds, as when a security group begins to deny it; the one of 8080 goes on for 25 more",
  made: "one of two probes stopped",
  found: "`probe-stopped` warning for port 443 alone",
  async run(lab) {
    const other = await lab.probes();
    return recordProbes(lab, {
      open: [
        { port: 443, kind: "tcp" },
        { port: 8080, kind: "http" },
      ],
      series: [{ kind: "http", port: 8080 }],
      meanwhile: async () => {
        await other.probe({ kind: "tcp", port: 443, firstPort: 56_360 });
        await lab.sleep(25);
        await other.ask({ stop: true });
        await lab.sleep(26);
      },
    });
  },
};
