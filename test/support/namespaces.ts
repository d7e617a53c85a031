/** A VM and a platform in network namespaces of their own, joined by a cable for each NIC and with no route out. Linux and root alone. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const exec = promisify(execFile);

export const PLATFORM_ADDRESS = "168.63.129.16";

/** How a program ended. */
export interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

let count = 0;

/** How the namespaces are to be. */
export interface NamespacesWanted {
  /** NICs of the VM; 1 when left out. */
  nics?: number;
  /** A router stands between the VM and the platform. */
  routed?: boolean;
}

/** The VM's NICs are eth0 (10.9.0.4, gateway 10.9.0.1), eth1 (10.9.1.4, gateway 10.9.1.1), ... */
export class Namespaces {
  readonly vm: string;
  /** The other end of the VM's cables: the platform, or the router before it. */
  readonly router: string;
  /** Where the platform address is. */
  readonly platform: string;
  #servers: ChildProcess[] = [];

  private constructor(name: string, routed: boolean) {
    this.vm = `vipscope-${name}-vm`;
    this.router = `vipscope-${name}-router`;
    this.platform = routed ? `vipscope-${name}-platform` : this.router;
  }

  /** Makes them. `close` takes them away again. */
  static async make(purpose: string, { nics = 1, routed = false }: NamespacesWanted = {}): Promise<Namespaces> {
    count += 1;
    const made = new Namespaces(`${purpose}-${process.pid}-${count}`, routed);
    for (const name of made.#names) {
      await exec("ip", ["netns", "add", name]);
      await exec("ip", ["-n", name, "link", "set", "lo", "up"]);
    }
    await made.inPlatform("ip", "addr", "add", `${PLATFORM_ADDRESS}/32`, "dev", "lo");
    for (let nic = 0; nic < nics; nic++) await made.#addNic(nic);
    await made.inVm("ip", "route", "add", "default", "via", "10.9.0.1");
    if (routed) await made.#addRouter();
    return made;
  }

  get #names(): string[] {
    return [...new Set([this.vm, this.router, this.platform])];
  }

  async #addRouter(): Promise<void> {
    const { router, platform } = this;
    await exec("ip", [
      "link",
      "add",
      "up0",
      "netns",
      router,
      "type",
      "veth",
      "peer",
      "name",
      "eth0",
      "netns",
      platform,
    ]);
    await exec("ip", ["-n", router, "addr", "add", "10.8.0.1/24", "dev", "up0"]);
    await exec("ip", ["-n", platform, "addr", "add", "10.8.0.2/24", "dev", "eth0"]);
    await exec("ip", ["-n", router, "link", "set", "up0", "up"]);
    await exec("ip", ["-n", platform, "link", "set", "eth0", "up"]);
    await exec("ip", ["-n", platform, "route", "add", "default", "via", "10.8.0.1"]);
    await exec("ip", ["-n", router, "route", "add", PLATFORM_ADDRESS, "via", "10.8.0.2"]);
    await exec("ip", ["netns", "exec", router, "sysctl", "-qw", "net.ipv4.ip_forward=1"]);
  }

  async #addNic(nic: number): Promise<void> {
    const name = `eth${nic}`;
    const words = ["link", "add", name, "netns", this.vm, "type", "veth", "peer", "name", name, "netns", this.router];
    await exec("ip", words);
    await this.inVm("ip", "addr", "add", `10.9.${nic}.4/24`, "dev", name);
    await exec("ip", ["-n", this.router, "addr", "add", `10.9.${nic}.1/24`, "dev", name]);
    for (const namespace of [this.vm, this.router]) await exec("ip", ["-n", namespace, "link", "set", name, "up"]);
  }

  /** Starts the platform's services: all, or those of "80", "32526" and "dns" that are named. */
  async serve(...services: string[]): Promise<void> {
    const served = services.length === 0 ? ["80", "32526", "dns"] : services;
    const words = [
      "netns",
      "exec",
      this.platform,
      process.execPath,
      "test/support/fake-platform.mjs",
      PLATFORM_ADDRESS,
    ];
    const server = spawn("ip", [...words, ...served], { stdio: ["ignore", "pipe", "inherit"] });
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.stdout.once("data", () => resolve());
      server.once("exit", () => reject(new Error("the fake platform ended")));
    });
  }

  /** Runs a program in the VM; rejects when it fails. */
  async inVm(...command: string[]): Promise<void> {
    await exec("ip", ["netns", "exec", this.vm, ...command]);
  }

  /** Runs a program in the platform; rejects when it fails. */
  async inPlatform(...command: string[]): Promise<void> {
    await exec("ip", ["netns", "exec", this.platform, ...command]);
  }

  /** Runs a program in the VM and tells how it ended. */
  run(command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const words = ["netns", "exec", this.vm, ...command];
    return new Promise((resolve) => {
      const options = { env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1", ...env }, maxBuffer: 1 << 26 };
      execFile("ip", words, options, (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ status, stdout, stderr });
      });
    });
  }

  /** Ends whatever still runs in them, also what went into the background there, and takes them away. */
  async close(): Promise<void> {
    for (const server of this.#servers) server.kill();
    for (const name of this.#names) {
      const { stdout } = await exec("ip", ["netns", "pids", name]).catch(() => ({ stdout: "" }));
      for (const id of stdout.split("\n").filter(Boolean)) endProgram(Number(id));
      await exec("ip", ["netns", "del", name]).catch(() => {});
    }
  }
}

/** Ends a program, or finds that it has just ended by itself. */
function endProgram(id: number): void {
  try {
    process.kill(id, "SIGKILL");
  } catch {}
}
