/** Can a connection to HostGAPlugin be opened? */
import { HOSTGA_PLUGIN_PORT } from "../service/platform.ts";
import type { TestDefinition } from "./check-test.ts";
import { testPort } from "./connect.ts";

export const tcp32526Test: TestDefinition<"tcp-32526"> = {
  id: "tcp-32526",
  sends: true,
  needs: ["address"],
  after: ["route"],
  nothing: { port: HOSTGA_PLUGIN_PORT, tries: [], nextHop: null },
  run: (context, done) => testPort(context, HOSTGA_PLUGIN_PORT, done),
};
