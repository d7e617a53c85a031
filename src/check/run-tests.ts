/** Runs the tests: each as soon as those that it needs are done, so that silence is waited for once and not once a test. */
import type { CheckResult, CheckTest, CheckTestId, CheckTestOf } from "../report/check-report.ts";
import type { CheckContext, DoneTests, Outcome, TestDefinition } from "./check-test.ts";

/** How many attempts' time a test may take altogether: each bounds itself, and this is for what hangs. */
const MAX_ATTEMPTS = 6;

/** A test of any id; its result goes to `done`. */
export interface RunnableTest {
  readonly id: CheckTestId;
  readonly sends: boolean;
  readonly needs: readonly CheckTestId[];
  readonly after: readonly CheckTestId[];
  run(context: CheckContext, done: DoneTests): Promise<void>;
  /** Notes that it was not carried out. */
  skip(summary: string, done: DoneTests): void;
}

/** Told as tests begin and end. */
export interface TestListener {
  began(test: RunnableTest): void;
  ended(test: RunnableTest): void;
}

/** The definition as a test of any id. */
export function runnable<Id extends CheckTestId>(definition: TestDefinition<Id>): RunnableTest {
  const { id, sends, needs, after, nothing } = definition;
  const note = (done: DoneTests, outcome: Outcome<TestDefinition<Id>["nothing"]>, durationMs: number): void => {
    const test: CheckTestOf<Id> = { id, ...outcome, durationMs, packets: [] };
    Object.assign(done, { [id]: test });
  };
  return {
    ...{ id, sends, needs, after },
    skip: (summary, done) => note(done, { result: "skipped", summary, details: nothing }, 0),
    async run(context, done) {
      const startedMs = performance.now();
      const outcome = await inTime(
        definition.run(context, done).catch((error: unknown) => notCarriedOut(String(error), nothing)),
        context.timeoutMs * MAX_ATTEMPTS,
        () => notCarriedOut("it took too long", nothing),
      );
      note(done, outcome, performance.now() - startedMs);
    },
  };
}

/** Carries all out. `readyToSend` settles when what captures the packets is ready; it is asked before each test that sends any. */
export async function runTests(
  tests: readonly RunnableTest[],
  context: CheckContext,
  readyToSend: (done: Readonly<DoneTests>) => Promise<void>,
  listener: TestListener,
): Promise<DoneTests> {
  const done: DoneTests = {};
  const running = new Map<CheckTestId, Promise<void>>();
  for (const test of tests) {
    const before = [...test.needs, ...test.after].map((id) => running.get(id));
    const carryOut = async (): Promise<void> => {
      await Promise.all(before);
      const missing = test.needs.find((id) => !isUsable(done[id]?.result));
      if (missing !== undefined) {
        test.skip(`It needs what "${missing}" tests.`, done);
        return;
      }
      if (test.sends) await readyToSend(done);
      listener.began(test);
      await test.run(context, done);
      listener.ended(test);
    };
    running.set(test.id, carryOut());
  }
  await Promise.all(running.values());
  return done;
}

/** All tests in their order. */
export function inOrder(tests: readonly RunnableTest[], done: Readonly<DoneTests>): CheckTest[] {
  return tests.flatMap(({ id }) => done[id] ?? []);
}

function isUsable(result: CheckResult | undefined): boolean {
  return result === "passed" || result === "warning";
}

function notCarriedOut<Details>(why: string, details: Details): Outcome<Details> {
  return { result: "not-available", summary: `It could not be carried out: ${why}.`, details };
}

async function inTime<Value>(value: Promise<Value>, ms: number, late: () => Value): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const lateness = new Promise<Value>((resolve) => {
    timer = setTimeout(() => resolve(late()), ms);
  });
  return Promise.race([value, lateness]).finally(() => clearTimeout(timer));
}
