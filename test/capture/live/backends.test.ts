import { chmodSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/capture/input-error.ts";
import { captureCommand, findBackends, kernelBufferBytes } from "../../../src/capture/live/backends.ts";
import { scratchDirectory } from "../../support/scratch.ts";

const scratch = scratchDirectory();
for (const name of ["dumpcap", "tcpdump"]) chmodSync(scratch.write(name, ""), 0o755);
const withCap = { folders: [scratch.path], findCap: () => "/cap.node" };
const withoutCap = { folders: [scratch.path], findCap: () => null };
const withNothing = { folders: [""], findCap: () => null };

describe("auto", () => {
  test("takes cap, then dumpcap, then tcpdump, as far as they are here", () => {
    expect(findBackends("auto", withCap).map(({ name, clock }) => `${name} ${clock}`)).toEqual([
      "cap arrival",
      "dumpcap kernel",
      "tcpdump kernel",
    ]);
    expect(findBackends("auto", withoutCap).map(({ name }) => name)).toEqual(["dumpcap", "tcpdump"]);
  });

  test("without any is one message with the command for each system", () => {
    const refusal = refusalOf(() => findBackends("auto", withNothing));
    expect(refusal.message).toContain("nothing that captures packets is installed");
    for (const command of [
      "sudo apt-get install -y tcpdump",
      "sudo dnf install -y tcpdump",
      "sudo zypper install -y tcpdump",
      "sudo apk add tcpdump",
      "brew install libpcap tcpdump",
      "winget install WiresharkFoundation.Wireshark",
    ])
      expect(refusal.hint).toContain(command);
  });
});

test.each(["cap", "dumpcap", "tcpdump"] as const)("%s alone, and not here: its own commands", (name) => {
  const refusal = refusalOf(() => findBackends(name, withNothing));
  expect(refusal.message).toContain(`${name} is not installed`);
  expect(refusal.hint?.split("\n")).toHaveLength(6);
});

test("the kernel's buffers are a small share of a small machine, bounded on a large one, and leave room for further NICs", () => {
  const sizes = (memoryBytes: number): number[] => {
    let inUse = 0;
    return [0, 1, 2].map(() => {
      const bytes = kernelBufferBytes(memoryBytes, inUse);
      inUse += bytes;
      return bytes >> 20;
    });
  };
  expect(sizes(1 << 30)).toEqual([64, 32, 16]);
  expect(sizes(64 * 2 ** 30)).toEqual([512, 512, 512]);
  expect(sizes(1)).toEqual([4, 4, 4]);
});

test.each(["dumpcap", "tcpdump"] as const)("%s writes to its standard output, and the filter is no option", (name) => {
  const [backend] = findBackends(name, withoutCap);
  if (backend === undefined) throw new Error("none found");
  const command = captureCommand(backend, "eth0", "-r x", 8 << 20, "");
  expect(command).toContain("-");
  expect(command[command.indexOf("-r x") - 1]).toBe(name === "dumpcap" ? "-f" : "--");
});

function refusalOf(find: () => unknown): InputError {
  try {
    find();
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error("it was not refused");
}
