import { recordAgent } from "../parts.mjs";

export const scenario = {
  file: "connection-reset.pcap",
  happened: "WireServer resets the connection after each request for the goal state, once in the middle of the answer",
  made: "a server that resets",
  found: "`connection-reset` (wireserver) warning",
  run: (lab) =>
    recordAgent(lab, {
      seconds: 30,
      overrides: [
        { match: "GET:80:goalstate", answer: { reset: true, delayMs: 5 } },
        {
          match: "GET:80:goalstate",
          times: 1,
          answer: { status: 200, reason: "OK", body: "<GoalState>".padEnd(900), resetAfterBytes: 400 },
        },
      ],
    }),
};
