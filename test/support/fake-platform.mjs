/**
 * The platform, for a namespace: WireServer, HostGAPlugin and DNS at the address that is given. Arguments: the address, then what is
 * served, of "80", "32526" and "dns". Says "ready" when all listen.
 */
import { createSocket } from "node:dgram";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";

const [address, ...served] = process.argv.slice(2);
const VERSIONS =
  '<?xml version="1.0"?><Versions><Preferred><Version>2015-04-05</Version></Preferred><Supported><Version>2012-11-30</Version></Supported></Versions>';

const answers = {
  80: (request, response) => {
    if (request.url === "/?comp=versions" && request.headers.metadata === "true") response.end(VERSIONS);
    else response.writeHead(400).end();
  },
  32526: (request, response) => {
    if (request.url === "/versions") response.end('["2015-09-01"]');
    else response.writeHead(404).end();
  },
};

/** An A question gets 192.0.2.1; any other gets NXDOMAIN. */
function dnsAnswer(query) {
  const isAddress = query.readUInt16BE(query.length - 4) === 1;
  const answer = Buffer.concat([
    query,
    isAddress ? Buffer.from("c00c000100010000003c0004c0000201", "hex") : Buffer.alloc(0),
  ]);
  answer.writeUInt16BE(isAddress ? 0x8180 : 0x8183, 2);
  answer.writeUInt16BE(isAddress ? 1 : 0, 6);
  return answer;
}

const listening = [];
for (const port of [80, 32526]) {
  if (!served.includes(String(port))) continue;
  const server = createServer(answers[port]);
  listening.push(new Promise((resolve) => server.listen(port, address, resolve)));
}
if (served.includes("dns")) {
  const udp = createSocket("udp4");
  udp.on("message", (query, from) => udp.send(dnsAnswer(query), from.port, from.address));
  listening.push(new Promise((resolve) => udp.bind(53, address, resolve)));
  const tcp = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (bytes) => {
      const answer = dnsAnswer(bytes.subarray(2));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      socket.end(Buffer.concat([length, answer]));
    });
  });
  listening.push(new Promise((resolve) => tcp.listen(53, address, resolve)));
}
await Promise.all(listening);
process.stdout.write("ready\n");
