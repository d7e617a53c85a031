import { recordLookups } from "../parts.mjs";

export const scenario = {
  file: "dns-private-zone.pcap",
  happened: "the private zones are not linked: one privatelink name does not exist, another leads to a public address",
  made: "dig against dnsmasq",
  found: "`dns-private-zone` warning, two names",
  run: (lab) =>
    recordLookups(
      lab,
      ["fakestore.blob.core.windows.net A", "fakevault.privatelink.vaultcore.azure.net A", "packages.example.com A"],
      [
        "local=/windows.net/azure.net/",
        "cname=fakestore.blob.core.windows.net,fakestore.privatelink.blob.core.windows.net",
        "host-record=fakestore.privatelink.blob.core.windows.net,203.0.113.44,60",
      ],
    ),
};
