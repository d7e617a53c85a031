/** The comparisons: for each group the programs that are run in turn, and the bars that their times are held against. */
import { fileURLToPath } from "node:url";
import { atMostMegabytes, atMostTimes, evenWithin, timesFaster, withinMilliseconds } from "./bars.mjs";
import { nodeProgram, program } from "./measure.mjs";

const VIPSCOPE = fileURLToPath(new URL("../../bin/vipscope.js", import.meta.url));
const PCAP_PARSER = fileURLToPath(new URL("pcap-parser.mjs", import.meta.url));
const FILTER = "host 168.63.129.16";
/** Twice as many packets may take this many times as long, and a million of them this much memory. */
const FLOOD_GROWTH = 2.3;
const FLOOD_MEGABYTES = 1200;

/** Each makes its inputs when it is called. `peaks` names the programs whose memory is measured too. */
export const GROUPS = [
  { name: "mixed", prepare: mixed },
  { name: "platform", prepare: platform },
  { name: "start", prepare: start },
  { name: "many-files", prepare: manyFiles },
  { name: "growing-packets", prepare: growingPackets },
  { name: "growing-flows", prepare: growingFlows },
  { name: "floods", prepare: floods },
];

/** A large capture in which little is the platform's. */
function mixed(inputs) {
  const { path, holds } = inputs.mixed();
  const title = `${sizeText(holds)}, 1 % of it the platform's`;
  return {
    title,
    programs: [tcpdump(path), dd(path), read("vipscope", path, "json"), pcapParser(path)],
    peaks: ["vipscope"],
    bars: [
      atMostTimes("the whole JSON report", "vipscope", "tcpdump --count", 1),
      atMostTimes("the same", "vipscope", "dd bs=1M", 2),
      timesFaster("the same", ["vipscope", holds.packets], ["pcap-parser", holds.packets], 15),
      atMostMegabytes("memory", "vipscope", 150),
    ],
  };
}

/** A capture of the platform's traffic alone. */
function platform(inputs) {
  const input = inputs.platform();
  const { path, holds } = input;
  const tenth = inputs.firstTenthOf(input);
  const flows = holds.connections + holds.lookups;
  return {
    title: `${sizeText(holds)}, all of it the platform's, ${thousands(flows)} flows`,
    programs: [
      tcpdump(path),
      read("vipscope", path, "text"),
      program("tshark conv,tcp", "tshark", ["-n", "-r", tenth.path, "-q", "-z", "conv,tcp"]),
      program("tcptrace", "tcptrace", ["-n", tenth.path]),
      pcapParser(path),
    ],
    peaks: ["vipscope"],
    bars: [
      atMostTimes("the whole text report", "vipscope", "tcpdump --count", 4),
      timesFaster(
        "per packet, the first tenth",
        ["vipscope", holds.packets],
        ["tshark conv,tcp", tenth.holds.packets],
        30,
      ),
      timesFaster("per packet, the first tenth", ["vipscope", holds.packets], ["tcptrace", tenth.holds.packets], 15),
      timesFaster("the whole text report", ["vipscope", holds.packets], ["pcap-parser", holds.packets], 4),
      atMostMegabytes("memory", "vipscope", 600),
    ],
  };
}

function start(inputs) {
  const { path } = inputs.tenPackets();
  return {
    title: "start",
    programs: [
      nodeProgram("node -e 0", ["-e", "0"]),
      nodeProgram("vipscope --version", [VIPSCOPE, "--version"]),
      read("vipscope, ten packets", path, "text"),
    ],
    peaks: [],
    bars: [
      withinMilliseconds("the version", "vipscope --version", "node -e 0", 30),
      withinMilliseconds("the text report of ten packets", "vipscope, ten packets", "node -e 0", 120),
    ],
    moreRuns: 4,
  };
}

function manyFiles(inputs) {
  const { path, holds } = inputs.many();
  const onAll = nodeProgram("vipscope", [VIPSCOPE, "read", path, "--format", "json", "--jobs", "2"]);
  const onOne = program("vipscope on one core", "taskset", ["-c", "0", onAll.command, ...onAll.words]);
  return {
    title: `${thousands(holds.files)} captures of ${sizeText({ ...holds, bytes: holds.bytes / holds.files, packets: holds.packets / holds.files })} each`,
    programs: [onAll, onOne],
    peaks: ["vipscope"],
    bars: [timesFaster("two cores", ["vipscope", holds.packets], ["vipscope on one core", holds.packets], 1.7)],
  };
}

/** The same kind of traffic, more and more of it: what a packet takes beyond the start must stay the same. */
function growingPackets(inputs) {
  const ten = inputs.tenPackets();
  const grown = inputs.growingPackets().map((input) => ({
    packets: input.holds.packets,
    program: read(`vipscope, ${thousands(input.holds.packets)} packets`, input.path, "text"),
  }));
  const base = read("vipscope, ten packets", ten.path, "text");
  return {
    title: "growth by packets",
    programs: [base, ...grown.map((one) => one.program)],
    peaks: [],
    bars: [
      evenWithin(
        "time for a packet",
        15,
        (timings) => {
          const startSeconds = timings.get(base.name).median;
          return grown.map(({ packets, program: { name } }) => (timings.get(name).median - startSeconds) / packets);
        },
        (seconds) => `${(seconds * 1e9).toFixed(0)} ns`,
      ),
    ],
  };
}

/** More and more flows: what one adds to the memory must stay the same. */
function growingFlows(inputs) {
  const grown = inputs.growingFlows().map(({ path, holds }) => {
    const flows = holds.connections + holds.lookups;
    return { flows, program: read(`vipscope, ${thousands(flows)} flows`, path, "text") };
  });
  return {
    title: "growth by flows",
    programs: grown.map((one) => one.program),
    peaks: grown.map((one) => one.program.name),
    bars: [
      evenWithin(
        "bytes that a further flow takes",
        15,
        (timings) => {
          const peaks = grown.map((one) => timings.get(one.program.name).peakBytes);
          return grown
            .slice(1)
            .map(({ flows }, index) => (peaks[index + 1] - peaks[index]) / (flows - grown[index].flows));
        },
        (bytes) => `${bytes.toFixed(0)} B`,
      ),
    ],
  };
}

/** Twice the flood takes at most twice the time, and its memory is bounded. */
function floods(inputs) {
  const kinds = inputs.floods().map(({ kind, inputs: sizes }) => {
    const [half, full] = sizes.map((input) => ({
      packets: input.holds.packets,
      program: read(`${kind.name}, ${thousands(input.holds.packets)}`, input.path, "text"),
    }));
    return { kind, half, full };
  });
  return {
    title: "floods",
    programs: kinds.flatMap(({ half, full }) => [half.program, full.program]),
    peaks: kinds.map(({ full }) => full.program.name),
    bars: kinds.flatMap(({ kind, half, full }) => [
      atMostTimes(kind.what, full.program.name, half.program.name, FLOOD_GROWTH),
      atMostMegabytes("its memory", full.program.name, FLOOD_MEGABYTES),
    ]),
    moreRuns: 1 / 5,
  };
}

function read(name, path, format) {
  return nodeProgram(name, [VIPSCOPE, "read", path, "--format", format]);
}

function tcpdump(path) {
  return program("tcpdump --count", "tcpdump", ["-nr", path, "--count", FILTER]);
}

function dd(path) {
  return program("dd bs=1M", "dd", [`if=${path}`, "of=/dev/null", "bs=1M"]);
}

function pcapParser(path) {
  return nodeProgram("pcap-parser", [PCAP_PARSER, path]);
}

function sizeText({ bytes, packets }) {
  return `${thousands(Math.round(bytes / 1e6))} MB, ${thousands(packets)} packets`;
}

function thousands(count) {
  return count.toLocaleString("en-US");
}
