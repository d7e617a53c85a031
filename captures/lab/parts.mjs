/** What many scenarios share, so that each can be short. */

/**
 * Records an agent that polls for `seconds`. overrides: answers in place of WireServer's normal ones, as wireserver.mjs takes them;
 * settings and poll: as agent.mjs takes them; record: as Lab.record takes it; meanwhile(tools): what else happens, between the start of polling and the end.
 */
export async function recordAgent(
  lab,
  { seconds, overrides = [], settings = {}, poll = { heartbeat: false }, meanwhile, record },
) {
  const platform = await lab.wireServer();
  for (const override of overrides) await platform.ask({ override });
  const recording = await lab.record(record);
  const agent = await lab.agent(settings);
  await agent.ask({ poll });
  await meanwhile?.({ platform, agent });
  await lab.sleep(seconds);
  await agent.ask({ stop: true });
  return recording.stop();
}

/** Records lookups with dig, one after the other; zone lab.example is behind the server that misbehaves. */
export async function recordLookups(lab, lookups, extra = []) {
  await lab.resolver();
  await lab.dnsmasq({ dhcp: false, extra: ["server=/lab.example/127.0.0.1#5353", ...extra] });
  const recording = await lab.record();
  await lab.dig(...lookups);
  await lab.sleep(1);
  return recording.stop();
}

/**
 * Records probes: apps to open, series to probe. meanwhile({ apps, probes }) is what happens then; afterwards the capture goes on for
 * `seconds`.
 */
export async function recordProbes(lab, { open, series, seconds = 0, meanwhile }) {
  const apps = await lab.apps();
  for (const app of open) await apps.ask({ open: app });
  const recording = await lab.record();
  const probes = await lab.probes();
  for (const one of series) {
    await probes.probe(one);
    await lab.sleep(0.7);
  }
  await meanwhile?.({ apps, probes });
  await lab.sleep(seconds);
  return recording.stop();
}

/** An answer of HostGAPlugin or WireServer with a status and a small body. */
export function answer(status, reason, body = "", more = {}) {
  return { status, reason, body, ...more };
}

/** Python: asks COUNT questions for names under q.example.com within SECONDS, each beginning with an optional LABEL, and waits for no answer. */
export const ASK_MANY = `
import socket, struct, sys, time
count, seconds = int(sys.argv[1]), float(sys.argv[2])
label = sys.argv[3] if len(sys.argv) > 3 else None
sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(20)]
for s in sockets:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
started = time.monotonic()
for i in range(count):
    labels = ([label] if label else []) + ["n%d" % i, "q", "example", "com"]
    name = b"".join(bytes([len(l)]) + l.encode() for l in labels) + b"\\0"
    query = struct.pack("!6H", 1000 + i, 0x100, 1, 0, 0, 0) + name + struct.pack("!2H", 1, 1)
    sockets[i % 20].sendto(query, ("168.63.129.16", 53))
    time.sleep(max(0, started + seconds * (i + 1) / count - time.monotonic()))
time.sleep(3)
`;
