/**
 * How many hops away is the platform? One: nothing routes in between. TCP with rising TTL needs `traceroute -T` and root, for Node cannot
 * set the TTL of a TCP socket. Where that is not to be had, DNS queries with rising TTL tell the number as well: a datagram
 * socket's TTL can be set by anybody.
 */

import type { HopsDetails } from "../report/check-report.ts";
import { DNS_PORT, HOSTGA_PLUGIN_PORT, WIRESERVER_PORT } from "../service/platform.ts";
import type { CheckContext, DoneTests, Outcome, TestDefinition } from "./check-test.ts";
import { ASKED_NAME } from "./dns-answers.ts";
import { askOverUdp } from "./dns-query.ts";

/** Hops that are looked for: more than these are as wrong as these. */
const MAX_HOPS = 4;

export const hopsTest: TestDefinition<"hops"> = {
  id: "hops",
  sends: true,
  needs: ["address"],
  after: ["tcp-80", "tcp-32526", "dns-udp"],
  nothing: { method: null, port: null, hops: null, path: [] },
  async run(context, done) {
    const port = openPort(done);
    const isDnsThere = done["dns-udp"]?.details.rcode != null;
    if (port === null && !isDnsThere) {
      return {
        result: "skipped",
        summary: "Nothing answers, so there is nothing to count.",
        details: hopsTest.nothing,
      };
    }
    const traced = port === null ? null : await traceTcp(context, port);
    const details = traced ?? (isDnsThere ? await traceDns(context) : null);
    if (details === null) {
      const summary = 'It takes "traceroute -T" and root; install traceroute and run vipscope with sudo.';
      return { result: "not-available", summary, details: hopsTest.nothing };
    }
    return judgeHops(details);
  },
};

/** One hop is right. */
function judgeHops(details: HopsDetails): Outcome<HopsDetails> {
  const { hops, method, path } = details;
  const how = method === "traceroute" ? "by traceroute -T" : "by DNS queries with rising TTL";
  if (hops === 1) return { result: "passed", summary: `One hop, ${how}.`, details };
  if (hops === null) return { result: "warning", summary: `More than ${MAX_HOPS} hops, ${how}.`, details };
  const between = path.slice(0, -1).map((one) => one ?? "a silent one");
  const by = between.length === 0 ? "" : ` with ${between.join(", ")} in between`;
  return { result: "warning", summary: `${hops} hops${by}, ${how}; there should be one.`, details };
}

function openPort(done: Readonly<DoneTests>): number | null {
  const isOpen = (id: "tcp-80" | "tcp-32526"): boolean =>
    done[id]?.details.tries.some((one) => one.outcome === "connected") === true;
  if (isOpen("tcp-80")) return WIRESERVER_PORT;
  return isOpen("tcp-32526") ? HOSTGA_PLUGIN_PORT : null;
}

/** Null when traceroute is not there, has no -T, or may not do it. */
async function traceTcp({ address, timeoutMs, host }: CheckContext, port: number): Promise<HopsDetails | null> {
  if (host.system !== "linux") return null;
  const waitSeconds = Math.max(1, Math.floor(timeoutMs / 1000));
  const words = [
    "-T",
    "-n",
    "-q",
    "1",
    "-N",
    "1",
    "-w",
    String(waitSeconds),
    "-m",
    String(MAX_HOPS),
    "-p",
    String(port),
  ];
  const { status, stdout } = await host.run(
    "traceroute",
    [...words, address],
    MAX_HOPS * waitSeconds * 1000 + timeoutMs,
  );
  if (status !== 0) return null;
  const path = pathOf(stdout);
  const end = path.indexOf(address);
  return { method: "traceroute", port, hops: end < 0 ? null : end + 1, path: end < 0 ? path : path.slice(0, end + 1) };
}

/** Who answered at each hop, from lines such as " 1  168.63.129.16  0.916 ms" and " 2  *". */
export function pathOf(text: string): (string | null)[] {
  return [...text.matchAll(/^\s*\d+\s+(\*|\d+\.\d+\.\d+\.\d+)/gm)].map(([, who]) =>
    who === "*" ? null : (who ?? null),
  );
}

async function traceDns({ address, timeoutMs }: CheckContext): Promise<HopsDetails> {
  const details: HopsDetails = { method: "dns", port: DNS_PORT, hops: null, path: [] };
  for (let hops = 1; hops <= MAX_HOPS; hops++) {
    const question = {
      server: address,
      name: ASKED_NAME,
      type: "A",
      timeoutMs: timeoutMs / 2,
      timeToLive: hops,
    } as const;
    const { rcode } = await askOverUdp(question);
    if (rcode !== null) return { ...details, hops };
  }
  return details;
}
