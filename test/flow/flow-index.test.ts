import fc from "fast-check";
import { expect, test } from "vitest";
import { FlowIndex } from "../../src/flow/flow-index.ts";
import { FlowField, FlowKind, FlowTable } from "../../src/flow/flow-table.ts";
import { FlowKey } from "../../src/flow/key.ts";

/** A UDP key that differs from others in the VM's address and port. */
function keyOf(address: number, port: number): FlowKey {
  const key = new FlowKey();
  key.kind = FlowKind.udp;
  key.ipVersion = 4;
  key.protocol = 17;
  key.vm3 = address;
  key.platform3 = 0xa83f8110 | 0;
  key.vmPort = port;
  key.platformPort = 53;
  return key;
}

function open(flows: FlowTable, index: FlowIndex, key: FlowKey): number {
  const older = index.find(key);
  const flow = flows.add();
  flows.setInt(flow, FlowField.kind, key.kind);
  flows.setInt(flow, FlowField.ipVersion, key.ipVersion);
  flows.setInt(flow, FlowField.protocol, key.protocol);
  flows.setInt(flow, FlowField.vmAddress + 12, key.vm3);
  flows.setInt(flow, FlowField.platformAddress + 12, key.platform3);
  flows.setInt(flow, FlowField.vmPort, key.vmPort);
  flows.setInt(flow, FlowField.platformPort, key.platformPort);
  flows.setInt(flow, FlowField.hash, key.hash);
  index.add(flow, older);
  return flow;
}

test("a flow is found by its key alone, among thousands", () => {
  const flows = new FlowTable(10_000);
  const index = new FlowIndex(flows, 1);
  for (let port = 0; port < 5_000; port++) open(flows, index, keyOf(port & 3, port));
  expect([index.find(keyOf(1, 4_001)), index.find(keyOf(2, 4_001)), index.find(keyOf(0, 5_000))]).toEqual([
    4_001, -1, -1,
  ]);
});

test("a newer flow with the same key takes the place of the older", () => {
  const flows = new FlowTable(10);
  const index = new FlowIndex(flows, 1);
  const older = open(flows, index, keyOf(1, 1));
  const newer = open(flows, index, keyOf(1, 1));
  index.remove(older);
  expect(index.find(keyOf(1, 1))).toBe(newer);
});

test("it finds what a map finds, whatever is added and removed, with any seed", () => {
  const steps = fc.array(fc.record({ port: fc.nat(40), remove: fc.boolean() }), { maxLength: 200 });
  fc.assert(
    fc.property(steps, fc.integer(), (list, seed) => {
      const flows = new FlowTable(1_000);
      const index = new FlowIndex(flows, seed);
      const model = new Map<number, number>();
      for (const { port, remove } of list) {
        const flow = model.get(port);
        if (!remove) model.set(port, open(flows, index, keyOf(7, port)));
        else if (flow !== undefined) {
          index.remove(flow);
          model.delete(port);
        }
      }
      for (let port = 0; port <= 40; port++) expect(index.find(keyOf(7, port))).toBe(model.get(port) ?? -1);
    }),
  );
});
