import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-timeout.pcap",
  happened:
    "the application accepts the HTTP probe and answers twice, then hangs: requests get no answer within the interval",
  made: "an application that stays silent",
  found: "`probe-timeout` critical",
  run: (lab) =>
    recordProbes(lab, {
      open: [{ port: 8080, kind: "http" }],
      series: [{ kind: "http", port: 8080 }],
      meanwhile: async ({ apps }) => {
        await lab.sleep(6);
        await apps.ask({ behave: { port: 8080, silent: true } });
        await lab.sleep(22);
      },
    }),
};
