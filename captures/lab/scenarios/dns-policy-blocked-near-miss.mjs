import { recordLookups } from "../parts.mjs";

export const scenario = {
  file: "dns-policy-blocked-near-miss.pcap",
  happened: "answers with a CNAME to other names, one of them under azuredns.example",
  made: "dig against dnsmasq",
  found: "nothing above notice",
  run: (lab) =>
    recordLookups(
      lab,
      ["storage.example.net A", "policy.example.com A"],
      [
        "host-record=blockpolicy.azuredns.example,203.0.113.11",
        "cname=policy.example.com,blockpolicy.azuredns.example",
        "local=/azuredns.example/",
      ],
    ),
};
