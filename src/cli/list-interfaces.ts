/** Carries `vipscope interfaces` out. */
import { safeString } from "../bytes/text.ts";
import { findBackends } from "../capture/live/backends.ts";
import { type HostInterface, hostInterfaces, watchedByDefault } from "../capture/live/interfaces.ts";
import { DEFAULT_PLATFORM_ADDRESSES } from "../service/platform.ts";
import type { CommandContext } from "./command.ts";
import type { InterfacesOptions } from "./commands/interfaces.ts";

/** One interface as the list tells it. */
interface ListedInterface extends HostInterface {
  /** `vipscope live` watches it when none is chosen. */
  watched: boolean;
  /** Why it cannot be captured now; null when it can. */
  captureMissing: string | null;
}

/** Writes the list. */
export function listInterfaces({ format }: InterfacesOptions, { io }: CommandContext): void {
  const all = hostInterfaces(DEFAULT_PLATFORM_ADDRESSES[0] ?? "");
  const watched = watchedByDefault(all);
  const missing = captureMissing();
  const listed = all.map((one): ListedInterface => {
    return { ...one, watched: watched.includes(one), captureMissing: one.up ? missing : "it is down" };
  });
  if (format === "json") io.stdout.write(`${JSON.stringify({ interfaces: listed }, null, 2)}\n`);
  else io.stdout.write(listed.map(textOf).join(""));
}

function textOf(one: ListedInterface): string {
  const state = [one.up ? "up" : "down", one.loopback ? "loopback" : null, one.virtual === true ? "virtual" : null];
  const lines = [
    `${safeString(one.name)}  ${state.filter((part) => part !== null).join(", ")}${one.primary ? "  PRIMARY" : ""}`,
    `  MAC        ${one.mac ?? "none"}`,
    `  addresses  ${one.addresses.join(", ") || "none"}`,
    ...(one.primaryReason === null ? [] : [`  primary    ${one.primaryReason}`]),
    `  capture    ${one.captureMissing ?? (one.watched ? "yes, watched by default" : "yes, with -i")}`,
  ];
  return `${lines.join("\n")}\n`;
}

function captureMissing(): string | null {
  try {
    findBackends("auto");
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const isPrivileged = process.getuid === undefined || process.getuid() === 0;
  return isPrivileged ? null : "only with sudo, or where setcap allowed it";
}
