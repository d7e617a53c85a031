/** One line on a terminal that says which tests of a check are running; it leaves nothing behind. */
import type { RunnableTest, TestListener } from "../check/run-tests.ts";
import { CHECK_TEST_TITLES } from "../report/check-titles.ts";
import type { OutputStream } from "./io.ts";

/** Columns that the line keeps to where the terminal does not say how many it has. */
const USUAL_COLUMNS = 80;

/** Progress of a check. */
export interface CheckProgress extends TestListener {
  finish(): void;
}

/** Says nothing. */
export const NO_CHECK_PROGRESS: CheckProgress = { began: () => {}, ended: () => {}, finish: () => {} };

/** Progress on `stream`, which is a terminal. */
export function progressOfCheck(stream: OutputStream): CheckProgress {
  const running = new Set<RunnableTest>();
  const show = (): void => {
    const names = [...running].map((test) => CHECK_TEST_TITLES[test.id]).join(", ");
    const line = names === "" ? "" : `Testing: ${names}`;
    stream.write(`\r\u001b[2K${line.slice(0, (stream.columns ?? USUAL_COLUMNS) - 1)}`);
  };
  return {
    began(test) {
      running.add(test);
      show();
    },
    ended(test) {
      running.delete(test);
      show();
    },
    finish() {
      stream.write("\r\u001b[2K");
    },
  };
}
