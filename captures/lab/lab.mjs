/** What a scenario works with: the namespaces, the platform's and the VM's programs in them, and the recorder. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { withoutMachine } from "./pcapng-metadata.mjs";
import { dnsmasqConfiguration } from "./platform/dnsmasq.mjs";
import { Processes, run } from "./processes.mjs";
import {
  addContainer,
  createTopology,
  destroyTopology,
  joinAgain,
  NICS,
  namespaceNames,
  PLATFORM_ADDRESS,
} from "./topology.mjs";

const HERE = import.meta.dirname;
/** For the last packets to reach the recorder before it is told to stop: it hands them over once a second, or at once when asked to. */
const SETTLE_MS = 1300;
const IMMEDIATE_SETTLE_MS = 300;

export class Lab {
  #processes = new Processes();
  #names;
  #options;
  #recordings = 0;

  constructor(index, options) {
    this.#names = namespaceNames(index);
    this.#options = options;
    this.platformAddress = options.platformAddress ?? PLATFORM_ADDRESS;
    this.directory = mkdtempSync(path.join(tmpdir(), "vslab-"));
  }

  /** Makes the namespaces; `close` takes them away again, whatever happened in between. */
  open() {
    createTopology(this.#names, this.#options);
    if (this.#options.container) addContainer(this.#names);
  }

  close() {
    this.#processes.killAll();
    destroyTopology(this.#names);
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Makes the first NIC again that the scenario deleted, as a new interface with the old name. */
  joinAgain() {
    joinAgain(this.#names, this.#options);
  }

  sleep(seconds) {
    return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }

  /** Runs a command line to its end in the namespace "vm", "platform", "container" or "wire"; `{ status, output, errors }`. */
  run(where, ...command) {
    return this.start(where, ...command).ended;
  }

  /** Starts a command beside the scenario. */
  start(where, ...command) {
    return this.#processes.start([...this.#prefix(where), ...command]);
  }

  /** Runs a line of shell in the VM. */
  shell(line) {
    return this.run("vm", "sh", "-c", line);
  }

  /** Adds a rule with iptables (or ip6tables), and gives what takes it away again. */
  async firewall(where, rule, program = "iptables") {
    const { status, errors } = await this.run(where, program, ...rule.split(" "));
    if (status !== 0) throw new Error(`${program} ${rule}: ${errors}`);
    return () => this.run(where, program, ...rule.replace(/-[AI] /, "-D ").split(" "));
  }

  /** WireServer and HostGAPlugin. */
  wireServer(options = {}) {
    const listen = { address: this.platformAddress, ports: options.ports ?? [80, 32526] };
    return this.#node("platform", "platform/wireserver.mjs", { listen });
  }

  /** The platform's DHCP and DNS server, on every NIC; options as of dnsmasqConfiguration. Gives the one on the first NIC. */
  async dnsmasq(options = {}) {
    const used = NICS.slice(0, this.#options.nics ?? 1);
    const started = await Promise.all(used.map((nic) => this.#dnsmasqOn(nic, options)));
    return started[0];
  }

  async #dnsmasqOn(nic, options) {
    const file = path.join(this.directory, `dnsmasq-${nic.peer}.conf`);
    const { platformAddress, directory } = this;
    writeFileSync(file, dnsmasqConfiguration({ nic, platformAddress, directory, ...options }));
    const started = this.start("platform", "dnsmasq", "-C", file);
    await started.said("started");
    return started;
  }

  /** The server behind dnsmasq for names that misbehave; give dnsmasq `extra: ["server=/zone/127.0.0.1#5353"]`. */
  resolver(where = { port: 5353, address: "127.0.0.1" }) {
    return this.#node("platform", "platform/resolver.mjs", where);
  }

  /** Replaces the namespace's resolv.conf, for programs that ask through the C library. */
  resolvConf(where, text) {
    writeFileSync(`/etc/netns/${this.#names[where]}/resolv.conf`, text);
  }

  /** A recording with its timestamps moved, by editcap; gives the file's name. */
  async shifted(bytes, seconds) {
    const [before, after] = ["before", "after"].map((name) => `shift-${this.#recordings}-${name}`);
    const moved = path.join(this.directory, after);
    await this.run("vm", "editcap", "-F", "pcap", "-t", String(seconds), this.file(before, bytes), moved);
    return moved;
  }

  /** Recordings one after the other in one file, by mergecap, whatever their times. */
  async joined(files) {
    const whole = path.join(this.directory, "joined");
    await this.run("vm", "mergecap", "-F", "pcap", "-a", "-w", whole, ...files);
    return readFileSync(whole);
  }

  /** The bytes compressed. */
  gzip(bytes) {
    return gzipSync(bytes, { level: 9 });
  }

  /** The agent; its settings as in vm/agent.mjs. */
  agent(settings = {}) {
    return this.#node("vm", "vm/agent.mjs", { settings: { address: this.platformAddress, ...settings } });
  }

  /** The probed applications. */
  apps(where = "vm") {
    return this.#node(where, "vm/app.mjs", {});
  }

  /** The load balancer. `probe({ kind, port, ... })` starts a series of probes to the first NIC's address unless told otherwise. */
  async probes() {
    const node = await this.#node("platform", "platform/probes.mjs", {});
    const probe = (series) =>
      node.ask({ start: { address: NICS[0].address, source: this.platformAddress, ...series } });
    return { ...node, probe };
  }

  /** Runs dhclient on a NIC until it has a lease or gives up; more arguments go to it. */
  async dhclient(nic = "eth0", options = {}) {
    const configuration = path.join(this.directory, `dhclient-${nic}.conf`);
    const leases = path.join(this.directory, `${nic}.leases`);
    writeFileSync(configuration, dhclientConfiguration(options));
    writeFileSync(leases, "", { flag: "a" });
    const files = [
      "-cf",
      configuration,
      "-lf",
      leases,
      "-pf",
      path.join(this.directory, `${nic}.pid`),
      "-sf",
      path.join(HERE, "vm/dhclient-script"),
    ];
    return this.run("vm", "dhclient", ...(options.args ?? ["-1"]), ...files, nic);
  }

  /** DNS lookups with dig against the platform, in order. */
  async dig(...lookups) {
    for (const lookup of lookups)
      await this.run("vm", "dig", `@${this.platformAddress}`, "+tries=1", "+time=2", ...lookup.split(" "));
  }

  /**
   * The link that misbehaves (topology: { relay: true }); `set({ toPlatform, toVm })` replaces its rules, which relay.py explains. Without
   * it nothing passes.
   */
  async relay(rules = {}, seed = 1) {
    const command = [...this.#prefix("wire"), "python3", path.join(HERE, "relay.py"), "w0", "w1", String(seed)];
    const started = this.#processes.start(command, { input: true });
    await started.said("ready");
    const set = (next) => started.child.stdin.write(`${JSON.stringify(next)}\n`);
    set(rules);
    await started.said("set");
    return { set };
  }

  /** Runs openssl to make a key and a certificate of its own for an HTTPS server in the VM: `{ key, cert }`, file names. */
  async certificate() {
    const [key, cert] = ["key.pem", "cert.pem"].map((file) => path.join(this.directory, file));
    const subject = ["-subj", "/CN=vm0.example.com", "-days", "30"];
    await this.run(
      "vm",
      "openssl",
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      key,
      "-out",
      cert,
      ...subject,
    );
    return { key, cert };
  }

  /** Writes a file of the scenario's own and gives its name. */
  file(name, text) {
    const file = path.join(this.directory, name);
    writeFileSync(file, text);
    return file;
  }

  /** A lookup as programs make it: getaddrinfo of the C library, which asks for A and AAAA at once from one port. */
  lookUp(name) {
    return this.run(
      "vm",
      "python3",
      "-c",
      "import socket, sys; socket.getaddrinfo(sys.argv[1], 80, type=socket.SOCK_STREAM)",
      name,
    );
  }

  /**
   * Starts recording in a namespace; `stop` ends it and gives the file's bytes, and fails when the recorder lost packets. options: where;
   * program ("tcpdump" or "dumpcap") and its args; immediate: tcpdump takes each packet at once, for a recording that ends with one;
   * inOrder: sort by time, because dumpcap writes what it has from one NIC after what it has from the other.
   */
  async record(options = {}) {
    const { where = "vm", program = "tcpdump", args = ["-i", "eth0"], immediate = false, inOrder = false } = options;
    const file = path.join(this.directory, `recording-${this.#recordings}`);
    this.#recordings++;
    const dumps = program === "tcpdump";
    // In immediate mode each packet takes a slot of the snap length, so the buffer must be larger.
    const buffering = immediate ? ["--immediate-mode", "-B", "65536"] : ["-B", "16384"];
    const fixed = dumps ? ["-Z", "root", "-n", "-U", ...buffering] : ["-q", "-B", "16"];
    const recorder = this.start(where, program, ...fixed, ...args, "-w", file);
    await recorder.said(dumps ? "listening on" : "File:");
    await this.sleep(0.3);
    const stop = async () => {
      await this.sleep((immediate ? IMMEDIATE_SETTLE_MS : SETTLE_MS) / 1000);
      const { errors } = await recorder.stop("SIGINT");
      if (lostPackets(errors)) throw new Error(`the recorder lost packets: ${errors}`);
      if (inOrder) run("reordercap", file, `${file}-in-order`);
      const bytes = readFileSync(inOrder ? `${file}-in-order` : file);
      return dumps ? bytes : withoutMachine(bytes);
    };
    return { stop };
  }

  #prefix(where) {
    return ["ip", "netns", "exec", this.#names[where]];
  }

  #node(where, script, firstMessage) {
    return this.#processes.startNode(this.#prefix(where), path.join(HERE, script), firstMessage);
  }
}

/** Whether tcpdump's or dumpcap's last words say that the kernel or the program dropped packets. */
function lostPackets(words) {
  const byKernel = /(\d+) packets? dropped by kernel/.exec(words);
  const byInterface = [...words.matchAll(/received\/dropped on interface [^:]*: \d+\/(\d+)/g)];
  return Number(byKernel?.[1] ?? 0) > 0 || byInterface.some(([, dropped]) => Number(dropped) > 0);
}

/**
 * Asks for what cloud images ask for; the host name is fixed so that none of this machine shows. options: timeoutSeconds; bare: ask for
 * next to nothing; more: further statements.
 */
function dhclientConfiguration({ timeoutSeconds = 30, bare = false, more = "" }) {
  const asked = bare
    ? "request subnet-mask;"
    : `send host-name "vm0";
request subnet-mask, broadcast-address, time-offset, routers, domain-name, domain-name-servers, host-name, interface-mtu,
  rfc3442-classless-static-routes, azure-wireserver;`;
  return `option rfc3442-classless-static-routes code 121 = array of unsigned integer 8;
option azure-wireserver code 245 = ip-address;
${asked}
timeout ${timeoutSeconds};
retry 10;
${more}
`;
}
