/** Programs that can capture: which are here, how each is started, and what to install when none is. */
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { LIVE_BUFFER_BYTES, LIVE_BUFFER_SHARE, LIVE_SNAP_BYTES } from "../../limits.ts";
import type { LiveSource } from "../../report/report.ts";
import { InputError } from "../input-error.ts";

/** How a capture is made. */
export type BackendName = LiveSource["backend"];

/** What `--backend` takes. */
export const BACKEND_CHOICES = ["auto", "cap", "dumpcap", "tcpdump"] as const;
export type BackendChoice = (typeof BACKEND_CHOICES)[number];

/** One that is installed. */
export interface Backend {
  name: BackendName;
  clock: LiveSource["clock"];
  /** The program that is started: node itself for `cap`. */
  program: string;
}

/** Where programs and packages are looked for; tests give their own. */
export interface BackendPlaces {
  /** Folders in which programs are. */
  folders: readonly string[];
  /** A file of the package, or null when it is not installed. */
  findCap: () => string | null;
}

/**
 * How long packets may lie in the kernel's ring before a backend gets them. dumpcap asks for blocks that close after 250 ms (its
 * CAP_READ_TIMEOUT), and what is in an open one is lost when it ends; the others take each packet at once.
 */
export const HANDING_OVER_MS: Readonly<Record<BackendName, number>> = { cap: 0, dumpcap: 300, tcpdump: 0 };

/** The first line of each name is what the other names in `auto` come after. */
const ORDER: readonly BackendName[] = ["cap", "dumpcap", "tcpdump"];

/** Folders of programs for the administrator, which a user's PATH may not name. */
const MORE_FOLDERS = ["/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];

/** What `choice` allows, best first. Throws an `InputError` that says what to install when nothing of it is there. */
export function findBackends(choice: BackendChoice, places: BackendPlaces = hostPlaces()): Backend[] {
  const wanted = choice === "auto" ? ORDER : [choice];
  const found = wanted.flatMap((name): Backend[] => {
    if (name === "cap") return places.findCap() === null ? [] : [{ name, clock: "arrival", program: process.execPath }];
    const program = programIn(places.folders, name);
    return program === null ? [] : [{ name, clock: "kernel", program }];
  });
  if (found.length > 0) return found;
  const what = choice === "auto" ? "nothing that captures packets is installed" : `${choice} is not installed`;
  throw new InputError("no-capture-backend", `${what}; install it with the line for this system`, installHint(choice));
}

/**
 * Bytes of memory for the kernel's buffer of one more child on a machine with so much memory, where other children's buffers take `inUseBytes`: at most
 * half of what is left of their share, so that there is always some for a NIC that appears.
 */
export function kernelBufferBytes(memoryBytes: number, inUseBytes: number): number {
  const leftBytes = memoryBytes * LIVE_BUFFER_SHARE - inUseBytes;
  return Math.max(LEAST_BUFFER_BYTES, Math.min(LIVE_BUFFER_BYTES, leftBytes / 2));
}

/** Enough for a few packets of any size. */
const LEAST_BUFFER_BYTES: number = 4 << 20;

/**
 * The part of a buffer's memory that each backend is to ask for. `cap` and tcpdump take packets at once: in that mode libpcap gives each packet a slot of the
 * snap length where the NIC offloads segmentation, and a slot of 64 KiB and its header takes a block of 128 KiB. dumpcap's blocks are filled whole.
 */
const ASKED_SHARE: Readonly<Record<BackendName, number>> = { cap: 1 / 2, dumpcap: 1 / 4, tcpdump: 1 / 2 };

/** What is run to capture on one interface, as a command line. `capChild` is the file of the project's own child. */
export function captureCommand(
  backend: Backend,
  interfaceName: string,
  filter: string,
  bufferBytes: number,
  capChild: string,
): readonly string[] {
  const askedMebibytes = Math.floor((bufferBytes * ASKED_SHARE[backend.name]) / (1 << 20));
  switch (backend.name) {
    case "cap":
      return [
        ...[backend.program, capChild, interfaceName, filter],
        ...[String(askedMebibytes << 20), String(LIVE_SNAP_BYTES)],
      ];
    case "dumpcap":
      return [
        ...[backend.program, "-q", "-i", interfaceName, "-f", filter, "-s", String(LIVE_SNAP_BYTES)],
        ...["-B", String(askedMebibytes), "-w", "-"],
      ];
    case "tcpdump":
      return [
        ...[backend.program, "-i", interfaceName, "-n", "-U", "--immediate-mode", "--time-stamp-precision=nano"],
        ...["-s", String(LIVE_SNAP_BYTES), "-B", String(askedMebibytes << 10), "-w", "-", "--", filter],
      ];
    default:
      return backend.name satisfies never;
  }
}

/** How to be allowed to capture with this backend, without being root all the time. */
export function permissionHint(backend: Backend): string {
  const target = backend.name === "cap" ? "$(readlink -f $(command -v node))" : backend.program;
  return `Run it with sudo, or allow it once: sudo setcap cap_net_raw,cap_net_admin=eip ${target}`;
}

const INSTALL: readonly (readonly [system: string, command: string])[] = [
  ["Debian, Ubuntu", "sudo apt-get install -y tcpdump"],
  ["RHEL, CentOS, Fedora, Azure Linux", "sudo dnf install -y tcpdump"],
  ["SUSE", "sudo zypper install -y tcpdump"],
  ["Alpine", "sudo apk add tcpdump"],
  ["macOS", "brew install libpcap tcpdump"],
  ["Windows", "winget install WiresharkFoundation.Wireshark (with Npcap), which brings dumpcap"],
];

const INSTALL_DUMPCAP: readonly (readonly [system: string, command: string])[] = [
  ["Debian, Ubuntu", "sudo apt-get install -y wireshark-common"],
  ["RHEL, CentOS, Fedora, Azure Linux", "sudo dnf install -y wireshark-cli"],
  ["SUSE", "sudo zypper install -y wireshark"],
  ["Alpine", "sudo apk add wireshark-common"],
  ["macOS", "brew install wireshark"],
  ["Windows", "winget install WiresharkFoundation.Wireshark (with Npcap)"],
];

const INSTALL_CAP: readonly (readonly [system: string, command: string])[] = [
  ["Debian, Ubuntu", "sudo apt-get install -y build-essential python3 libpcap-dev && npm install -g cap"],
  ["RHEL, CentOS, Fedora, Azure Linux", "sudo dnf install -y gcc-c++ make python3 libpcap-devel && npm install -g cap"],
  ["SUSE", "sudo zypper install -y gcc-c++ make python3 libpcap-devel && npm install -g cap"],
  ["Alpine", "sudo apk add build-base python3 libpcap-dev && npm install -g cap"],
  ["macOS", "xcode-select --install; npm install -g cap"],
  ["Windows", "winget install Insecure.Npcap, then npm install -g cap"],
];

function installHint(choice: BackendChoice): string {
  const lines = choice === "cap" ? INSTALL_CAP : choice === "dumpcap" ? INSTALL_DUMPCAP : INSTALL;
  return lines.map(([system, command]) => `${system}: ${command}`).join("\n  ");
}

function hostPlaces(): BackendPlaces {
  return { folders: [...(process.env["PATH"] ?? "").split(delimiter), ...MORE_FOLDERS], findCap };
}

/** The native part, without loading it: only the child does, because it may end its process. */
function findCap(): string | null {
  try {
    const native = join(dirname(createRequire(import.meta.url).resolve("cap")), "../build/Release/cap.node");
    accessSync(native, constants.R_OK);
    return native;
  } catch {
    return null;
  }
}

function programIn(folders: readonly string[], name: string): string | null {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  for (const folder of folders) {
    const path = join(folder, file);
    try {
      if (folder === "") continue;
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: the next folder may have it.
    }
  }
  return null;
}
