/** The thread that reads captures for a screen. Has a bundle of its own, which the screen's thread starts. */
import { parentPort, workerData } from "node:worker_threads";
import { openCapture } from "../capture/merge.ts";
import { RULES } from "../rules/all.ts";
import type { CaptureTask, FromWorker, ToWorker } from "../view/capture-messages.ts";
import { CaptureReading } from "../view/capture-reading.ts";
import { SCREEN_FILES } from "./screen-files.ts";

const task: CaptureTask = workerData;

const reading = new CaptureReading(
  (options) => openCapture(task.names, options),
  { ...task, rules: RULES.filter((rule) => task.rules.includes(rule.id)) },
  SCREEN_FILES,
  (message) => parentPort?.postMessage(message),
);

parentPort?.on("message", ({ kind, id, question }: ToWorker) => {
  reading.answer(kind, question).then(
    (answer) => tell({ kind: "answer", id, answer }),
    (error: unknown) => tell({ kind: "refusal", id, message: error instanceof Error ? error.message : String(error) }),
  );
});

void reading.read();

function tell(message: FromWorker): void {
  parentPort?.postMessage(message);
}
