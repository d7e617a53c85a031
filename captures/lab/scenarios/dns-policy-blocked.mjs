import { recordLookups } from "../parts.mjs";

export const scenario = {
  file: "dns-policy-blocked.pcap",
  happened: "a DNS security policy blocks a name: the answer is a CNAME to blockpolicy.azuredns.invalid",
  made: "dig against dnsmasq, which forwards the zone lab.example to a server with that answer",
  found: "`dns-policy-blocked` warning",
  run: (lab) =>
    recordLookups(lab, [
      "packages.example.com A",
      "blocked.lab.example A",
      "blocked.lab.example AAAA",
      "www.example.net A",
    ]),
};
