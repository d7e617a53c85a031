import { describe, expect, test } from "vitest";
import { findPrimaryNic, isPrimary, type NicSighting } from "../../src/service/primary-nic.ts";
import type { LeaseRecord } from "../../src/service/records.ts";

const NONE = { wireserver: 0, hostgaPlugin: 0 };
const MAC0 = "00:0d:3a:00:00:04";
const MAC1 = "00:0d:3a:00:00:05";
const ETH0: NicSighting = {
  interface: "eth0",
  mac: MAC0,
  addresses: ["10.0.0.4", "10.0.0.9"],
  inner: false,
  answered: NONE,
};
const ETH1: NicSighting = { interface: "eth1", mac: MAC1, addresses: ["10.0.1.4"], inner: false, answered: NONE };

function lease(clientMac: string, hasPlatformRoute: boolean, address = "10.0.0.4"): LeaseRecord {
  return { clientMac, address, hasPlatformRoute, packet: 0 };
}

describe("the primary NIC", () => {
  test.each(["eth1", "00-0D-3A-00-00-05", "10.0.1.4"])("is the one that the user names as %s", (wanted) => {
    expect(findPrimaryNic([ETH0, { ...ETH1 }], [lease(MAC0, true)], wanted)).toEqual({ index: 1, origin: "option" });
  });

  test("is not known when the user names none that is there", () => {
    expect(findPrimaryNic([ETH0, ETH1], [lease(MAC0, true)], "eth7")).toBeNull();
  });

  test("is the one whose lease has a route to the platform", () => {
    expect(findPrimaryNic([ETH1, ETH0], [lease(MAC1, false), lease(MAC0, true)], null)).toEqual({
      index: 1,
      origin: "dhcp",
    });
  });

  test("without MACs is found by the lease's address", () => {
    const nics = [ETH1, ETH0].map((nic) => ({ ...nic, mac: null }));
    expect(findPrimaryNic(nics, [lease(MAC0, true)], null)).toEqual({ index: 1, origin: "dhcp" });
  });

  test("is inferred from WireServer's answers where leases tell nothing", () => {
    const nics = [{ ...ETH0, answered: { wireserver: 1, hostgaPlugin: 0 } }, ETH1];
    expect(findPrimaryNic(nics, [], null)).toEqual({ index: 0, origin: "inferred" });
    expect(findPrimaryNic(nics, [lease(MAC0, true), lease(MAC1, true)], null)).toEqual({
      index: 0,
      origin: "inferred",
    });
  });

  test("is not known where WireServer answers several: they are several VMs'", () => {
    const nics = [
      { ...ETH0, answered: { wireserver: 9, hostgaPlugin: 9 } },
      { ...ETH1, answered: { wireserver: 7, hostgaPlugin: 7 } },
    ];
    expect(findPrimaryNic(nics, [], null)).toBeNull();
  });

  test("is inferred from most answers of HostGAPlugin alone, which answers others with 400", () => {
    const by = (eth0: number, eth1: number): NicSighting[] => [
      { ...ETH0, answered: { wireserver: 0, hostgaPlugin: eth0 } },
      { ...ETH1, answered: { wireserver: 0, hostgaPlugin: eth1 } },
    ];
    expect(findPrimaryNic(by(3, 1), [], null)).toEqual({ index: 0, origin: "inferred" });
    expect(findPrimaryNic(by(2, 2), [], null)).toBeNull();
  });

  test("is not known when nothing was answered", () => {
    expect(findPrimaryNic([ETH0, ETH1], [], null)).toBeNull();
    expect(findPrimaryNic([], [], null)).toBeNull();
  });

  test("of another VM may be a NIC without a lease that WireServer answers", () => {
    const served = { ...ETH1, answered: { wireserver: 7, hostgaPlugin: 0 } };
    expect(isPrimary(1, served, false, { index: 0, origin: "dhcp" })).toBeNull();
    expect(isPrimary(1, served, true, { index: 0, origin: "dhcp" })).toBe(false);
    expect(isPrimary(1, ETH1, false, { index: 0, origin: "dhcp" })).toBe(false);
    expect(isPrimary(1, served, false, { index: 0, origin: "option" })).toBe(false);
  });

  test("is never a bridge towards containers", () => {
    expect(
      findPrimaryNic(
        [
          { ...ETH0, inner: true, answered: { wireserver: 9, hostgaPlugin: 0 } },
          { ...ETH1, answered: { wireserver: 1, hostgaPlugin: 0 } },
        ],
        [],
        null,
      ),
    ).toEqual({ index: 1, origin: "inferred" });
  });
});
