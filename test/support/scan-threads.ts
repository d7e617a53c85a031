/** Scanning threads for tests: within the test's own thread, or the built one. */
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { buffersOf } from "../../src/capture/scan/batch.ts";
import type { ScanSetup } from "../../src/capture/scan/messages.ts";
import type { StartThread } from "../../src/capture/scan/scan-pool.ts";
import { Scanner } from "../../src/capture/scan/scanner.ts";

const BUILT: string = fileURLToPath(new URL("../../dist/bundle/scan-worker.js", import.meta.url));

/** Scans in this thread; arrays change hands as between threads. `change` makes batches small, for example. */
export function threadHere(change: Partial<ScanSetup> = {}): StartThread {
  return (setup, heard) => {
    let ended = false;
    const scanner = new Scanner({ ...setup, ...change }, (result) => {
      const sent = structuredClone(result, { transfer: buffersOf(result.batch) });
      if (!ended) setImmediate(heard, sent);
    });
    return {
      postMessage: (request) => {
        const transfer = request.kind === "used" ? buffersOf(request.batch) : [];
        scanner.take(structuredClone(request, { transfer }));
      },
      terminate: () => {
        ended = true;
      },
    };
  };
}

/** The thread as the command line starts it. */
export const builtThread: StartThread = (setup, heard, failed) => {
  const worker = new Worker(BUILT, { workerData: setup });
  worker.on("message", heard);
  worker.on("error", failed);
  return worker;
};
