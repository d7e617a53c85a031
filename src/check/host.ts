/** This machine, for the tests. */
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { hostInterfaces } from "../capture/live/interfaces.ts";
import { readLeases } from "../capture/live/lease-files.ts";
import { MAX_COMMAND_OUTPUT_BYTES } from "../limits.ts";
import type { CheckHost } from "./check-test.ts";
import { runCommand } from "./command.ts";

/** The machine as it is now; `platformAddress` is what the primary NIC is looked for by. */
export function thisHost(platformAddress: string): CheckHost {
  return {
    system: process.platform,
    uid: process.getuid?.() ?? null,
    env: process.env,
    interfaces: () => hostInterfaces(platformAddress),
    maskOf,
    leases: () => readLeases(),
    readText,
    run: runCommand,
  };
}

function maskOf(address: string): string | null {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find((one) => one.address === address)?.netmask ?? null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8").slice(0, MAX_COMMAND_OUTPUT_BYTES);
  } catch {
    return null;
  }
}
