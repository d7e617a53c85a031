import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-flapping-near-miss.pcap",
  happened: "the application restarts once: two probes are refused, all others succeed",
  made: "an application stopped and started",
  found: "`probe-refused`, over before the end; no `probe-flapping`",
  run: (lab) =>
    recordProbes(lab, {
      open: [{ port: 443, kind: "tcp" }],
      series: [{ kind: "tcp", port: 443 }],
      meanwhile: async ({ apps }) => {
        await lab.sleep(11);
        await apps.ask({ close: 443 });
        await lab.sleep(10);
        await apps.ask({ open: { port: 443, kind: "tcp" } });
        await lab.sleep(16);
      },
    }),
};
