import { recordLookups } from "../parts.mjs";

export const scenario = {
  file: "dns-refused.pcap",
  happened: "a zone is refused, others are answered",
  made: "dig against dnsmasq, which forwards the zone lab.example to a server that refuses",
  found: "`dns-refused` warning",
  run: (lab) => recordLookups(lab, ["packages.example.com A", "refused.lab.example A", "www.example.net A"]),
};
