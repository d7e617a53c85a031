import { recordLookups } from "../parts.mjs";

export const scenario = {
  file: "dns-reverse-lookup-near-miss.pcap",
  happened: "the reverse lookup of the VM's own address, which has a name",
  made: "dig -x against dnsmasq",
  found: "nothing",
  run: (lab) => recordLookups(lab, ["-x 10.1.0.4", "packages.example.com A"]),
};
