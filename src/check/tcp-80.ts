/** Can a connection to WireServer be opened? */
import { WIRESERVER_PORT } from "../service/platform.ts";
import type { TestDefinition } from "./check-test.ts";
import { testPort } from "./connect.ts";

export const tcp80Test: TestDefinition<"tcp-80"> = {
  id: "tcp-80",
  sends: true,
  needs: ["address"],
  after: ["route"],
  nothing: { port: WIRESERVER_PORT, tries: [], nextHop: null },
  run: (context, done) => testPort(context, WIRESERVER_PORT, done),
};
