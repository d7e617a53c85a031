import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-http-error.pcap",
  happened: "the probed path redirects to HTTPS: every probe gets 301",
  made: "an application that answers 301",
  found: "`probe-http-error` critical, 301",
  run: (lab) => {
    const redirect = {
      status: 301,
      reason: "Moved Permanently",
      headers: "Location: https://www.example.net/healthz\r\n",
      body: "",
    };
    return recordProbes(lab, {
      open: [{ port: 8080, kind: "http", ...redirect }],
      series: [{ kind: "http", port: 8080 }],
      seconds: 21,
    });
  },
};
