/** The one place that knows the lab's addresses, and how its network namespaces are made and taken away again. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { run } from "./processes.mjs";

export const PLATFORM_ADDRESS = "168.63.129.16";
export const PLATFORM_MAC = "12:34:56:78:9a:bc";
export const PLATFORM_LINK_LOCAL = "fe80::1234:5678:9abc";

/** The VM's NICs, in order; a scenario takes the first one or both. */
export const NICS = [
  {
    name: "eth0",
    peer: "pe0",
    mac: "00:0d:3a:4c:1e:04",
    network: "10.1.0.0",
    gateway: "10.1.0.1",
    address: "10.1.0.4",
    secondary: "10.1.0.5",
    primary: true,
  },
  {
    name: "eth1",
    peer: "pe1",
    mac: "00:22:48:9b:52:07",
    network: "10.1.1.0",
    gateway: "10.1.1.1",
    address: "10.1.1.4",
    secondary: "10.1.1.5",
    primary: false,
  },
];

/** A container behind the VM's own bridge. */
export const CONTAINER = {
  network: "172.17.0.0",
  gateway: "172.17.0.1",
  address: "172.17.0.2",
  mac: "02:42:ac:11:00:02",
  bridgeMac: "02:42:5e:0a:10:2c",
};

/** A machine of somebody's own in the first NIC's network. */
export const FOREIGN_SERVER = { mac: "00:15:5d:0a:0b:0c", address: "10.1.0.9" };

const OFFLOADS_OFF = ["tx", "off", "tso", "off", "gso", "off", "gro", "off"];

/** The names of one scenario's namespaces; unique on the machine while this process lives. */
export function namespaceNames(index) {
  const stem = `vslab-${process.pid}-${index}`;
  return {
    vm: `${stem}-vm`,
    platform: `${stem}-platform`,
    wire: `${stem}-wire`,
    container: `${stem}-container`,
    foreign: `${stem}-foreign`,
  };
}

/**
 * Makes the namespaces `vm` and `platform` (and `wire` between them for a relay), joined by one veth pair for each NIC.
 * Nothing leads out of them: no interface of the machine is ever moved in.
 *
 * @param names what namespaceNames gave
 * @param options nics: 1 or 2; relay: whether eth0 passes through `wire`; foreignServer: a DHCP
 *   server of somebody's own beside the platform;
 *   accelerated: eth0 as with accelerated networking, a second interface below it that sees the same packets; platformAddress: another one for a classic deployment;
 *   ipv6: keep IPv6 on; configure: whether eth0 and eth1 get their addresses at once (otherwise DHCP has to bring them)
 */
export function createTopology(names, options) {
  const platformAddress = options.platformAddress ?? PLATFORM_ADDRESS;
  makeNamespace(names.vm, platformAddress);
  makeNamespace(names.platform, platformAddress);
  if (!options.ipv6) sysctl(names.vm, "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
  if (!options.ipv6) sysctl(names.platform, "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
  sysctl(names.vm, "net.ipv4.tcp_rmem=4096 131072 6291456");
  // What a health probe's SYN looks like: ECE and CWR, no timestamps, window scale 8.
  sysctl(names.platform, "net.ipv4.tcp_ecn=1", "net.ipv4.tcp_timestamps=0", "net.ipv4.tcp_rmem=4096 131072 16777215");
  for (const nic of NICS.slice(0, options.nics ?? 1)) joinNic(names, nic, options, platformAddress);
}

/** Joins the first NIC again after it was deleted. */
export function joinAgain(names, options) {
  joinNic(names, NICS[0], options, options.platformAddress ?? PLATFORM_ADDRESS);
}

function makeNamespace(name, resolver) {
  run("ip", "netns", "add", name);
  mkdirSync(`/etc/netns/${name}`, { recursive: true });
  writeFileSync(`/etc/netns/${name}/resolv.conf`, `nameserver ${resolver}\n`);
  ip(name, "link set lo up");
}

function joinNic(names, nic, options, platformAddress) {
  const { vm, platform, wire } = names;
  if (options.foreignServer && nic.primary) {
    joinThroughWire(names, nic);
    addForeignServer(names);
  } else if (options.relay && nic.primary) {
    joinThroughWire(names, nic);
    for (const end of ["w0", "w1"]) {
      inside(wire, "ethtool", "-K", end, ...OFFLOADS_OFF);
      ip(wire, `link set ${end} up promisc on`);
    }
    // A relay sends frames one by one, so nothing may leave larger than the MTU or without its checksum.
    inside(vm, "ethtool", "-K", nic.name, ...OFFLOADS_OFF);
  } else if (options.accelerated && nic.primary) {
    // The synthetic interface as a bridge, the virtual function as its only port: both see each packet, as on the real thing.
    veth(
      { name: "enP4321s1", namespace: vm, mac: nic.mac },
      { name: nic.peer, namespace: platform, mac: PLATFORM_MAC },
    );
    ip(vm, `link add ${nic.name} address ${nic.mac} type bridge`);
    ip(vm, `link set enP4321s1 master ${nic.name} up`);
  } else {
    veth({ name: nic.name, namespace: vm, mac: nic.mac }, { name: nic.peer, namespace: platform, mac: PLATFORM_MAC });
  }
  inside(platform, "ethtool", "-K", nic.peer, ...OFFLOADS_OFF);
  if (options.ipv6)
    sysctl(platform, `net.ipv6.conf.${nic.peer}.addr_gen_mode=1`, `net.ipv6.conf.${nic.peer}.router_solicitations=0`);
  ip(platform, `link set ${nic.peer} up`);
  ip(platform, `addr add ${platformAddress}/32 dev ${nic.peer}`);
  ip(platform, `addr replace ${nic.gateway}/32 dev lo`);
  ip(platform, `route add ${nic.network}/24 dev ${nic.peer} src ${platformAddress} advmss 1440`);
  sysctl(platform, `net.ipv4.conf.${nic.peer}.proxy_arp=1`, `net.ipv4.conf.${nic.peer}.proxy_arp_pvlan=1`);
  for (const address of [nic.address, nic.secondary]) {
    ip(platform, `neigh add ${address} lladdr ${nic.mac} dev ${nic.peer} nud permanent`);
  }
  if (options.ipv6) ip(platform, `addr add ${PLATFORM_LINK_LOCAL}/64 dev ${nic.peer} nodad`);
  ip(vm, `link set ${nic.name} up`);
  if (options.configure !== false) configureNic(vm, nic, platformAddress);
}

/** Puts the namespace `wire` between the VM's NIC and the platform: w0 is the VM's side, w1 the platform's. */
function joinThroughWire({ vm, platform, wire }, nic) {
  run("ip", "netns", "add", wire);
  sysctl(wire, "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
  veth({ name: nic.name, namespace: vm, mac: nic.mac }, { name: "w0", namespace: wire });
  veth({ name: "w1", namespace: wire }, { name: nic.peer, namespace: platform, mac: PLATFORM_MAC });
}

/** A machine of somebody's own in the same network, with a DHCP server: `wire` becomes a switch of three ports. */
function addForeignServer({ wire, foreign }) {
  run("ip", "netns", "add", foreign);
  sysctl(foreign, "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
  veth({ name: "w2", namespace: wire }, { name: "eth0", namespace: foreign, mac: FOREIGN_SERVER.mac });
  ip(wire, "link add switch0 type bridge mcast_snooping 0");
  for (const port of ["w0", "w1", "w2"]) ip(wire, `link set ${port} master switch0 up`);
  ip(wire, "link set switch0 up");
  inside(foreign, "ethtool", "-K", "eth0", ...OFFLOADS_OFF);
  ip(foreign, "link set eth0 up");
  ip(foreign, `addr add ${FOREIGN_SERVER.address}/24 dev eth0`);
}

/** Gives a NIC the address and routes that its lease would bring: the platform's route on the primary one alone. */
function configureNic(vm, nic, platformAddress) {
  ip(vm, `addr add ${nic.address}/24 dev ${nic.name}`);
  if (!nic.primary) return;
  ip(vm, `route add default via ${nic.gateway}`);
  ip(vm, `route add ${platformAddress}/32 via ${nic.gateway}`);
}

/** A container's namespace on a bridge of the VM, translated to the VM's address on the way out as Docker does it. */
export function addContainer(names) {
  const { vm, container } = names;
  makeNamespace(container, PLATFORM_ADDRESS);
  ip(vm, `link add docker0 address ${CONTAINER.bridgeMac} type bridge`);
  ip(vm, `addr add ${CONTAINER.gateway}/16 dev docker0`);
  ip(vm, "link set docker0 up");
  veth({ name: "veth1a2b3c4", namespace: vm }, { name: "eth0", namespace: container, mac: CONTAINER.mac });
  ip(vm, "link set veth1a2b3c4 master docker0 up");
  ip(container, "link set eth0 up");
  ip(container, `addr add ${CONTAINER.address}/16 dev eth0`);
  ip(container, `route add default via ${CONTAINER.gateway}`);
  sysctl(vm, "net.ipv4.ip_forward=1");
  inside(
    vm,
    "iptables",
    "-t",
    "nat",
    "-A",
    "POSTROUTING",
    "-s",
    `${CONTAINER.network}/16`,
    "!",
    "-o",
    "docker0",
    "-j",
    "MASQUERADE",
  );
}

/** Removes whatever of the namespaces exists, with the programs that went into the background there; never throws. */
export function destroyTopology(names) {
  for (const name of Object.values(names)) {
    const programs = attempt(() => run("ip", "netns", "pids", name)) ?? "";
    for (const id of programs.split("\n").filter(Boolean)) attempt(() => process.kill(Number(id), "SIGKILL"));
    attempt(() => run("ip", "netns", "del", name));
    rmSync(`/etc/netns/${name}`, { recursive: true, force: true });
  }
}

/** What `action` gives, or nothing when it fails: a namespace that was not made in this scenario, a program that has just ended. */
function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function veth(left, right) {
  const mac = (end) => (end.mac ? ["address", end.mac] : []);
  run(
    ...["ip", "link", "add", left.name, "netns", left.namespace, ...mac(left), "type", "veth"],
    ...["peer", "name", right.name, "netns", right.namespace, ...mac(right)],
  );
}

/** Runs ip in a namespace; `words` are separated by spaces. */
function ip(namespace, words) {
  run("ip", "-n", namespace, ...words.split(" "));
}

function sysctl(namespace, ...settings) {
  inside(namespace, "sysctl", "-qw", ...settings);
}

function inside(namespace, ...command) {
  return run("ip", "netns", "exec", namespace, ...command);
}
