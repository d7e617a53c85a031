import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-stopped-near-miss.pcap",
  happened: "the probe of port 443 ends after 25 seconds, and the capture twelve seconds later",
  made: "one of two probes stopped",
  found: "nothing: fewer than three intervals",
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
        await lab.sleep(11);
      },
    });
  },
};
