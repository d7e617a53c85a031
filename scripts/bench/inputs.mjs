/** The inputs of the benchmark: made when they are asked for, from seeds, and kept for the next run. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FLOODS } from "./floods.mjs";
import { OtherTraffic } from "./other-traffic.mjs";
import { PcapFile } from "./pcap-file.mjs";
import { PACKETS_OF_CONNECTION, PACKETS_OF_LOOKUP, PlatformTraffic } from "./platform-traffic.mjs";
import { Random } from "./random.mjs";

/** Raise it when what is made changes. */
const GENERATION = 1;
const SEED = 20_260_102;
const BASE_SECONDS = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;
const FRAME_BYTES = 2048;
/** Of a capture of all kinds of traffic, one packet in so many is the platform's. */
const PLATFORM_EVERY = 100;
/** Microseconds between two packets, at most twice this. */
const MIXED_GAP_US = 460;
const PLATFORM_GAP_US = 250;
const FLOOD_GAP_US = 10;
/** Of the platform's packets, the share that connections make; the rest are lookups. */
const CONNECTION_SHARE = 0.92;

/**
 * How large each input is. `mixed`: packets. `floods`: kinds of them, and packets of each. `platform`: connections and lookups. `growth`: the same for one input each. `many`: files, and packets
 * in each.
 */
export const FULL_SIZES = {
  folder: "full",
  mixed: 1_300_000,
  platform: { connections: 392_500, lookups: 37_500 },
  growingPackets: [1, 2, 4, 8].map((times) => ({ connections: times * 98_125, lookups: times * 9_375 })),
  growingFlows: [10_000, 100_000, 1_000_000].map((flows) => ({ connections: flows / 2, lookups: flows / 2 })),
  many: { files: 200, packets: 6_000 },
  floods: { kinds: FLOODS.length, packets: [500_000, 1_000_000] },
};
export const SMOKE_SIZES = {
  folder: "smoke",
  mixed: 5_000,
  platform: { connections: 390, lookups: 50 },
  growingPackets: [1, 2].map((times) => ({ connections: times * 49, lookups: times * 5 })),
  growingFlows: [10, 100].map((flows) => ({ connections: flows / 2, lookups: flows / 2 })),
  many: { files: 6, packets: 500 },
  floods: { kinds: 2, packets: [250, 500] },
};

/** Makes inputs under `root`, or finds them there. Each answers with its path and what is in it. */
export class Inputs {
  #folder;
  #sizes;
  #say;

  constructor(root, sizes, say) {
    this.#folder = join(root, sizes.folder);
    this.#sizes = sizes;
    this.#say = say;
  }

  /** A day's traffic, one packet in a hundred the platform's. */
  mixed() {
    return this.#made("mixed.pcap", (path) => writeMixed([path], this.#sizes.mixed));
  }

  /** The platform's traffic alone. */
  platform() {
    return this.#made("platform.pcap", (path) => writePlatform(path, this.#sizes.platform));
  }

  growingPackets() {
    return this.#sizes.growingPackets.map((size, index) =>
      this.#made(`growing-packets-${index}.pcap`, (path) => writePlatform(path, size)),
    );
  }

  growingFlows() {
    return this.#sizes.growingFlows.map((size, index) =>
      this.#made(`growing-flows-${index}.pcap`, (path) => writePlatform(path, size)),
    );
  }

  /** A rotated capture: a directory of files that follow one another. */
  many() {
    const { files, packets } = this.#sizes.many;
    return this.#made("many", (folder) => {
      mkdirSync(folder);
      const paths = Array.from({ length: files }, (_, index) =>
        join(folder, `part-${String(index).padStart(3, "0")}.pcap`),
      );
      return writeMixed(paths, packets);
    });
  }

  /** The floods, each at half and at full length. */
  floods() {
    const { kinds, packets } = this.#sizes.floods;
    return FLOODS.slice(0, kinds).map((kind) => ({
      kind,
      inputs: packets.map((count) =>
        this.#made(`flood-${kind.name}-${count}.pcap`, (path) => writeFlood(path, kind, count)),
      ),
    }));
  }

  tenPackets() {
    return this.#made("ten.pcap", (path) => writePlatform(path, { connections: 1, lookups: 0 }));
  }

  /** The first tenth of another input's packets. */
  firstTenthOf(input) {
    const { tenth } = input.holds;
    return this.#made(input.name.replace(/\.pcap$/, "-tenth.pcap"), (path) => {
      copyFileSync(input.path, path);
      truncateSync(path, tenth.bytes);
      return { packets: tenth.packets, bytes: tenth.bytes };
    });
  }

  #made(name, write) {
    const path = join(this.#folder, name);
    const notePath = `${path}.json`;
    const spec = JSON.stringify([GENERATION, this.#sizes]);
    if (existsSync(path) && existsSync(notePath)) {
      const note = JSON.parse(readFileSync(notePath, "utf8"));
      if (note.spec === spec) return { name, path, holds: note.holds };
    }
    this.#say(`making ${name}`);
    mkdirSync(this.#folder, { recursive: true });
    rmSync(path, { force: true, recursive: true });
    const holds = write(path);
    writeFileSync(notePath, JSON.stringify({ spec, holds }));
    return { name, path, holds };
  }
}

/** All kinds of traffic, `packets` in each of the files, one after the other. */
function writeMixed(paths, packets) {
  const random = new Random(SEED);
  const platformPackets = (paths.length * packets) / PLATFORM_EVERY;
  const connections = Math.floor((platformPackets * CONNECTION_SHARE) / PACKETS_OF_CONNECTION);
  const lookups = (platformPackets - connections * PACKETS_OF_CONNECTION) / PACKETS_OF_LOOKUP;
  const platform = new PlatformTraffic(random, { connections, lookups, atOnce: 2 });
  const other = new OtherTraffic(random);
  const frame = Buffer.alloc(FRAME_BYTES);
  const holds = { files: paths.length, packets: 0, platformPackets, connections, lookups, bytes: 0, tenth: null };
  let timeUs = 0;
  for (const path of paths) {
    const file = new PcapFile(path);
    for (let index = 0; index < packets; index++) {
      const isPlatform = index % PLATFORM_EVERY === PLATFORM_EVERY / 2;
      file.packet(BASE_SECONDS, timeUs, frame, (isPlatform ? platform : other).next(frame));
      timeUs += 1 + random.below(2 * MIXED_GAP_US - 1);
      if (index + 1 === Math.floor(packets / 10)) holds.tenth = { packets: file.packets, bytes: file.bytes };
    }
    file.close();
    holds.packets += file.packets;
    holds.bytes += file.bytes;
  }
  return holds;
}

/** The platform's packets alone. */
function writePlatform(path, { connections, lookups }) {
  const random = new Random(SEED);
  const traffic = new PlatformTraffic(random, { connections, lookups, atOnce: 50 });
  const packets = connections * PACKETS_OF_CONNECTION + lookups * PACKETS_OF_LOOKUP;
  const frame = Buffer.alloc(FRAME_BYTES);
  const file = new PcapFile(path);
  let timeUs = 0;
  let tenth = null;
  while (!traffic.isOver) {
    file.packet(BASE_SECONDS, timeUs, frame, traffic.next(frame));
    timeUs += 1 + random.below(2 * PLATFORM_GAP_US - 1);
    if (file.packets === Math.floor(packets / 10)) tenth = { packets: file.packets, bytes: file.bytes };
  }
  file.close();
  return { files: 1, packets, platformPackets: packets, connections, lookups, bytes: file.bytes, tenth };
}

/** Packets of one kind of flood, ten microseconds apart. */
function writeFlood(path, kind, packets) {
  const frame = Buffer.alloc(FRAME_BYTES);
  const file = new PcapFile(path);
  for (let index = 0; index < packets; index++) {
    file.packet(BASE_SECONDS, index * FLOOD_GAP_US, frame, kind.packet(index, frame));
  }
  file.close();
  return { files: 1, packets, bytes: file.bytes };
}
