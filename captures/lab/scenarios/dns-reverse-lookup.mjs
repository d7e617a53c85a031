import { recordLookups } from "../parts.mjs";

export const scenario = {
  file: "dns-reverse-lookup.pcap",
  happened: "a person looks up the name of 168.63.129.16: NXDOMAIN, as always",
  made: "dig -x against dnsmasq",
  found: "`dns-reverse-lookup` notice; no `dns-nxdomain` for it",
  run: (lab) => recordLookups(lab, ["-x 168.63.129.16", "packages.example.com A"]),
};
