import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-refused.pcap",
  happened: "nothing listens on the probed port 443, each probe is answered with RST; the probe of 8080 succeeds",
  made: "one application of two not started",
  found: "`probe-refused` critical for port 443 alone",
  run: (lab) =>
    recordProbes(lab, {
      open: [{ port: 8080, kind: "http" }],
      series: [
        { kind: "tcp", port: 443 },
        { kind: "http", port: 8080 },
      ],
      seconds: 26,
    }),
};
