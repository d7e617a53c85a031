import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-timeout-near-miss.pcap",
  happened: "the application answers each HTTP probe with 200, three seconds late",
  made: "a slow application",
  found: "no `probe-timeout`: within the interval",
  run: (lab) =>
    recordProbes(lab, {
      open: [{ port: 8080, kind: "http", delayMs: 3000 }],
      series: [{ kind: "http", port: 8080 }],
      seconds: 28,
    }),
};
