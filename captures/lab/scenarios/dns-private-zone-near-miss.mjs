import { recordLookups } from "../parts.mjs";

export const scenario = {
  file: "dns-private-zone-near-miss.pcap",
  happened:
    "a privatelink name leads to the private endpoint's address; a name without private endpoint to a public one",
  made: "dig against dnsmasq",
  found: "nothing above notice",
  run: (lab) =>
    recordLookups(
      lab,
      ["fakestore.blob.core.windows.net A", "otherstore.blob.core.windows.net A"],
      [
        "local=/windows.net/",
        "cname=fakestore.blob.core.windows.net,fakestore.privatelink.blob.core.windows.net",
        "host-record=fakestore.privatelink.blob.core.windows.net,10.1.0.30,10",
        "cname=otherstore.blob.core.windows.net,blob.fra20prdstr02a.store.core.windows.net",
        "host-record=blob.fra20prdstr02a.store.core.windows.net,203.0.113.46,60",
      ],
    ),
};
