/** Every test, in the order of the report. What a test needs stands before it. */
import { addressTest } from "./address.ts";
import { dhcpLeaseTest } from "./dhcp-lease.ts";
import { dnsReverseTest } from "./dns-reverse.ts";
import { dnsTcpTest } from "./dns-tcp.ts";
import { dnsUdpTest } from "./dns-udp.ts";
import { firewallTest } from "./firewall.ts";
import { hopsTest } from "./hops.ts";
import { hostgaVersionsTest } from "./hostga-versions.ts";
import { httpVersionsTest } from "./http-versions.ts";
import { interfacesTest } from "./interfaces.ts";
import { primaryNicTest } from "./primary-nic.ts";
import { proxyTest } from "./proxy.ts";
import { routeTest } from "./route.ts";
import { type RunnableTest, runnable } from "./run-tests.ts";
import { secondaryNicsTest } from "./secondary-nics.ts";
import { tcp80Test } from "./tcp-80.ts";
import { tcp32526Test } from "./tcp-32526.ts";

export const CHECK_TESTS: readonly RunnableTest[] = [
  runnable(interfacesTest),
  runnable(addressTest),
  runnable(primaryNicTest),
  runnable(routeTest),
  runnable(tcp80Test),
  runnable(tcp32526Test),
  runnable(httpVersionsTest),
  runnable(hostgaVersionsTest),
  runnable(dnsUdpTest),
  runnable(dnsTcpTest),
  runnable(dnsReverseTest),
  runnable(dhcpLeaseTest),
  runnable(hopsTest),
  runnable(secondaryNicsTest),
  runnable(firewallTest),
  runnable(proxyTest),
];
