import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodePacket } from "../../src/decode/decode-packet.ts";
import { Packet } from "../../src/decode/packet.ts";
import { tunnelPayload } from "../../src/decode/tunnel.ts";
import { blockAround } from "../support/decode-in-block.ts";
import { ethernet, hex, ipv4, joinBytes, udp } from "../support/packet-bytes.ts";

const OUTER = { source: "10.0.0.4", destination: "10.0.0.5" };
/** Ethernet and IPv4 before the tunnel. */
const OUTER_BYTES = 34;
const INNER = new Uint8Array(40);

/** What a packet with this IP payload carries: kind, link type, and how many bytes stand before it behind the outer IP header. */
function carried(protocol: number, payload: Uint8Array): [string, number, number] | null {
  const { view, start, end } = blockAround(ethernet(ipv4(payload, { ...OUTER, protocol })), 0x5a);
  const packet = new Packet();
  decodePacket(1, view, start, end, end - start, packet);
  const found = tunnelPayload(packet);
  return found === null ? null : [found.kind, found.linkType, found.start - start - OUTER_BYTES];
}

describe("what a tunnel carries", () => {
  test.each<[string, number, string, [string, number, number]]>([
    ["GRE with IPv4", 47, "00000800", ["GRE", 101, 4]],
    ["GRE with checksum, key and sequence number", 47, "b00086dd000000000000000100000002", ["GRE", 101, 16]],
    ["GRE with frames", 47, "00006558", ["GRE", 1, 4]],
    ["NVGRE", 47, "2000655800000100", ["NVGRE", 1, 8]],
    ["ERSPAN I", 47, "000088be", ["ERSPAN", 1, 4]],
    ["ERSPAN II", 47, "100088be000000011000000100000000", ["ERSPAN", 1, 16]],
    ["ERSPAN III", 47, "100022eb00000001200000010000000000000000", ["ERSPAN", 1, 20]],
    ["ERSPAN III with a subheader", 47, "100022eb000000012000000100000000000000010000000000000000", ["ERSPAN", 1, 28]],
    ["IP in IP", 4, "", ["IP-in-IP", 101, 0]],
    ["IPv6 in IP", 41, "", ["IP-in-IP", 101, 0]],
  ])("%s", (_name, protocol, header, expected) => {
    expect(carried(protocol, joinBytes(hex(header), INNER))).toEqual(expected);
  });

  test.each<[string, number, string, [string, number, number]]>([
    ["VXLAN", 4789, "0800000000000100", ["VXLAN", 1, 16]],
    ["VXLAN on Linux's old port", 8472, "0800000000000100", ["VXLAN", 1, 16]],
    ["VXLAN on the port of Azure's hosts", 65_330, "0800000000000100", ["VXLAN", 1, 16]],
    ["Geneve with frames", 6081, "0000655800000100", ["Geneve", 1, 16]],
    ["Geneve with options and IPv4", 6081, "010008000000010011223344", ["Geneve", 101, 20]],
  ])("%s", (_name, destinationPort, header, expected) => {
    expect(carried(17, udp(joinBytes(hex(header), INNER), { destinationPort }))).toEqual(expected);
  });

  test("nothing, where it is no tunnel or one of something else", () => {
    expect(carried(47, joinBytes(hex("0001880b"), INNER))).toBeNull(); // PPTP
    expect(carried(47, joinBytes(hex("0000880b"), INNER))).toBeNull();
    expect(carried(47, hex("0000"))).toBeNull();
    expect(carried(50, INNER)).toBeNull();
    expect(carried(17, udp(INNER, { destinationPort: 4788 }))).toBeNull();
    expect(carried(17, udp(hex("0000"), { destinationPort: 6081 }))).toBeNull();
  });

  test("what lies around the packet never changes the result, whatever its bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(4, 17, 41, 47), (payload, protocol) => {
        const bytes = ethernet(ipv4(payload, { ...OUTER, protocol }));
        const results = [0x00, 0xff].map((filler) => {
          const { view, start, end } = blockAround(bytes, filler);
          const packet = new Packet();
          decodePacket(1, view, start, end, end - start, packet);
          const found = tunnelPayload(packet);
          return found === null ? null : [found.kind, found.linkType, found.start - start];
        });
        expect(results[0]).toEqual(results[1]);
      }),
    );
  });
});
