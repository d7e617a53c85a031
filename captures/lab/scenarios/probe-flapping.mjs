import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-flapping.pcap",
  happened: "the application goes down and up again three times, for two probes each",
  made: "an application stopped and started",
  found: "`probe-flapping` warning; `probe-refused` may stand beside it",
  run: (lab) =>
    recordProbes(lab, {
      open: [{ port: 443, kind: "tcp" }],
      series: [{ kind: "tcp", port: 443 }],
      meanwhile: async ({ apps }) => {
        for (let round = 0; round < 3; round++) {
          await lab.sleep(11);
          await apps.ask({ close: 443 });
          await lab.sleep(10);
          await apps.ask({ open: { port: 443, kind: "tcp" } });
        }
        await lab.sleep(12);
      },
    }),
};
