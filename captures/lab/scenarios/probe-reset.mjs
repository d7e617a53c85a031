import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-reset.pcap",
  happened: "the application accepts each TCP probe and resets it a second later",
  made: "an application that resets",
  found: "`probe-reset` warning",
  run: (lab) =>
    recordProbes(lab, {
      open: [{ port: 443, kind: "tcp", resetAfterMs: 1000 }],
      series: [{ kind: "tcp", port: 443 }],
      seconds: 26,
    }),
};
