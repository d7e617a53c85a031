import { expect, test } from "vitest";
import { asymmetricPath } from "../../src/rules/asymmetric-path.ts";
import { factsOf, flowFact, nicFact, packetFact } from "../support/facts.ts";
import { found } from "../support/judged.ts";

const platform = { ...factsOf().platform, nics: [nicFact(0), nicFact(1)] };
const packets = { 0: [packetFact(0, { toPlatform: false }), packetFact(1)] };
const probed = flowFact(0, {
  service: "health-probe",
  initiator: "platform",
  vmPort: 8080,
  platformPort: 50000,
  nicFrom: 1,
  nicTo: 0,
});

test("a probe that comes in by one NIC and is answered by another is told with one packet of each direction", () => {
  expect(found(asymmetricPath, factsOf({ platform, packets, flows: [probed] }))).toEqual([
    {
      summary:
        "1 conversation of 10.0.0.4:8080 with 168.63.129.16: the platform's packets come in by eth1, the VM's go out by eth0.",
      severity: "critical",
      count: 1,
      packets: [0, 1],
      flows: [0],
    },
  ]);
});

test("a flow whose packets were captured twice is silent, for the first copy does not tell the way", () => {
  expect(found(asymmetricPath, factsOf({ platform, packets, flows: [{ ...probed, duplicatePackets: 2 }] }))).toEqual(
    [],
  );
});

test("one NIC for both directions is silent", () => {
  expect(found(asymmetricPath, factsOf({ platform, packets, flows: [{ ...probed, nicTo: 1 }] }))).toEqual([]);
});
