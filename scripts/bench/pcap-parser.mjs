// What a reader made of the pcap-parser package takes for the least that can be asked: which packets are the platform's?
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";

const { parse } = createRequire(import.meta.url)("pcap-parser");
const PLATFORM = 0xa83f8110;
let count = 0;
const parser = parse(createReadStream(process.argv[2]));
parser.on("packet", ({ data }) => {
  if (data.length >= 34 && (data.readUInt32BE(26) === PLATFORM || data.readUInt32BE(30) === PLATFORM)) count += 1;
});
parser.on("end", () => console.log(count));
