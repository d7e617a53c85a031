/** The entry of a scanning thread. */
import { parentPort, workerData } from "node:worker_threads";
import { buffersOf } from "./batch.ts";
import type { ScanSetup } from "./messages.ts";
import { Scanner } from "./scanner.ts";

const setup: ScanSetup = workerData;
const scanner = new Scanner(setup, (result) => parentPort?.postMessage(result, buffersOf(result.batch)));
parentPort?.on("message", (request) => scanner.take(request));
