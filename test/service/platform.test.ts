import { describe, expect, test } from "vitest";
import { classify, Opener, ServiceCode, serviceName } from "../../src/service/platform.ts";

const TCP = 6;
const UDP = 17;

describe("the service of a conversation", () => {
  test("port 80 is WireServer, opened by the VM or captured from the middle", () => {
    expect(classify(TCP, 80, 40000, Opener.vm)).toBe(ServiceCode.wireserver);
    expect(classify(TCP, 80, 40000, Opener.unknown)).toBe(ServiceCode.wireserver);
  });

  test("port 32526 is HostGAPlugin even where the VM's port is lower", () => {
    expect(classify(TCP, 32526, 1025, Opener.unknown)).toBe(ServiceCode.hostgaPlugin);
  });

  test("port 53 is DNS over both transports", () => {
    expect(classify(UDP, 53, 40000, Opener.vm)).toBe(ServiceCode.dns);
    expect(classify(TCP, 53, 40000, Opener.unknown)).toBe(ServiceCode.dns);
  });

  test("a connection that the platform opens is a probe, whatever its ports", () => {
    expect(classify(TCP, 56360, 80, Opener.platform)).toBe(ServiceCode.healthProbe);
    expect(classify(TCP, 80, 50000, Opener.platform)).toBe(ServiceCode.healthProbe);
  });

  test("without its start, a connection from a higher platform port to a lower VM port is a probe", () => {
    expect(classify(TCP, 56360, 8080, Opener.unknown)).toBe(ServiceCode.healthProbe);
    expect(classify(TCP, 8080, 56360, Opener.unknown)).toBe(ServiceCode.other);
    expect(classify(TCP, 443, 442, Opener.unknown)).toBe(ServiceCode.other);
  });

  test("the VM's own connection to an unserved port is other", () => {
    expect(classify(TCP, 443, 40000, Opener.vm)).toBe(ServiceCode.other);
    expect(classify(TCP, 50000, 400, Opener.vm)).toBe(ServiceCode.other);
  });

  test("DHCP is told by both of its ports", () => {
    expect(classify(UDP, 67, 68, Opener.vm)).toBe(ServiceCode.dhcp);
    expect(classify(UDP, 67, 67, Opener.vm)).toBe(ServiceCode.dhcp);
    expect(classify(UDP, 67, 5000, Opener.vm)).toBe(ServiceCode.other);
  });

  test("ICMP of both versions is icmp, and other protocols are other", () => {
    expect(serviceName(classify(1, -1, -1, Opener.unknown))).toBe("icmp");
    expect(serviceName(classify(58, -1, -1, Opener.unknown))).toBe("icmp");
    expect(serviceName(classify(47, -1, -1, Opener.unknown))).toBe("other");
  });
});
