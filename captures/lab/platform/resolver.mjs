/**
 * Names that dnsmasq cannot make by itself: it forwards their zones to this server on the loopback address. The first label says
 * what happens: servfail, refused, silent, slow-<ms>, blocked (the DNS policy's answer), wrongid (an answer with another id first), twice (two different answers), other (any A record).
 */
import dgram from "node:dgram";
import { answerScenario } from "../answering.mjs";

const SERVFAIL = 2;
const REFUSED = 5;
const TYPE_A = 1;
const TYPE_CNAME = 5;
/** The policy's time to live as seen in the field: 60 with its bytes swapped. */
const BLOCKED_TTL = 0x3c000000;

const socket = dgram.createSocket("udp4");

socket.on("message", (query, from) => {
  const { labels, end, type } = question(query);
  const [what, milliseconds] = labels[0].split("-");
  const send = (answer) => setTimeout(() => socket.send(answer, from.port, from.address), Number(milliseconds ?? 0));
  if (what === "silent") return;
  if (what === "wrongid") send(withOtherId(reply(query, end, 0, [ADDRESS])));
  if (what === "twice") send(reply(query, end, 0, [OTHER_ADDRESS]));
  if (what === "servfail") send(reply(query, end, SERVFAIL, []));
  else if (what === "refused") send(reply(query, end, REFUSED, []));
  else if (what === "blocked")
    send(reply(query, end, 0, [record(TYPE_CNAME, BLOCKED_TTL, name(["blockpolicy", "azuredns", "invalid"]))]));
  else send(reply(query, end, 0, type === TYPE_A ? [ADDRESS] : []));
});

function question(query) {
  const labels = [];
  let at = 12;
  for (; query[at] !== 0; at += 1 + query[at]) labels.push(query.toString("latin1", at + 1, at + 1 + query[at]));
  return { labels, end: at + 5, type: query.readUInt16BE(at + 1) };
}

function reply(query, end, rcode, records) {
  const head = Buffer.from(query.subarray(0, end));
  head.writeUInt16BE(0x8180 | rcode, 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, ...records]);
}

function record(type, ttl, data) {
  const fixed = Buffer.alloc(12);
  fixed.writeUInt16BE(0xc00c, 0);
  fixed.writeUInt16BE(type, 2);
  fixed.writeUInt16BE(1, 4);
  fixed.writeUInt32BE(ttl, 6);
  fixed.writeUInt16BE(data.length, 10);
  return Buffer.concat([fixed, data]);
}

function withOtherId(answer) {
  answer.writeUInt16BE((answer.readUInt16BE(0) + 1) & 0xffff, 0);
  return answer;
}

function name(labels) {
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

const ADDRESS = record(TYPE_A, 60, Buffer.from([203, 0, 113, 99]));
const OTHER_ADDRESS = record(TYPE_A, 60, Buffer.from([203, 0, 113, 66]));

answerScenario((message) => new Promise((resolve) => socket.bind(message.port, message.address, () => resolve({}))));
