import { recordLookups } from "../parts.mjs";

export const scenario = {
  file: "dns-servfail.pcap",
  happened: "a name gets SERVFAIL for A and for AAAA, others are answered",
  made: "dig against dnsmasq, which forwards the zone lab.example to a server that fails",
  found: "`dns-servfail` warning",
  run: (lab) =>
    recordLookups(lab, [
      "packages.example.com A",
      "servfail.lab.example A",
      "servfail.lab.example AAAA",
      "www.example.net A",
    ]),
};
