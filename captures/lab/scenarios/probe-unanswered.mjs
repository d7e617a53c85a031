import { recordProbes } from "../parts.mjs";

export const scenario = {
  file: "probe-unanswered.pcap",
  happened: "the VM's firewall drops the probes of port 443; the probe of 8080 succeeds",
  made: "iptables DROP in the VM",
  found: "`probe-unanswered` critical for port 443 alone",
  async run(lab) {
    await lab.firewall("vm", "-A INPUT -p tcp --dport 443 -j DROP");
    const open = [443, 8080].map((port) => ({ port, kind: "http" }));
    return recordProbes(lab, {
      open,
      series: [
        { kind: "tcp", port: 443 },
        { kind: "http", port: 8080 },
      ],
      seconds: 26,
    });
  },
};
