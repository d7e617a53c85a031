import { recordLookups } from "../parts.mjs";

export const scenario = {
  file: "dns-rejected-near-miss.pcap",
  happened:
    "an answer comes after the client gave up, so the VM's own kernel answers it with ICMP port unreachable; the next try succeeds",
  made: "dig with a time-out of two seconds against an answer that takes 2.6",
  found: "no `dns-rejected`: the ICMP is about an answer, not a question; `dns-slow` for the late one",
  run: (lab) => recordLookups(lab, ["packages.example.com A", "slow-2600.lab.example A", "www.example.net A"]),
};
