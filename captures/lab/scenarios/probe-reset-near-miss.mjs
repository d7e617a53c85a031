import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-reset-near-miss.pcap",
  happened: "the application closes each TCP probe with FIN after a second, before the probe does",
  made: "an application with a short idle time",
  found: "nothing above notice: the handshake is what counts",
  run: (lab) =>
    recordProbes(lab, {
      open: [{ port: 443, kind: "tcp", closeAfterMs: 1000 }],
      series: [{ kind: "tcp", port: 443 }],
      seconds: 26,
    }),
};
