/** What a connectivity test is: what it needs, what it is given, and what it gives. */
import type { HostInterface } from "../capture/live/interfaces.ts";
import type { Lease } from "../capture/live/lease-files.ts";
import type { CheckDetails, CheckResult, CheckTestId, CheckTestOf } from "../report/check-report.ts";
import type { RunCommand } from "./command.ts";

/** The machine as tests see it; tests of the tests give their own. */
export interface CheckHost {
  /** As `process.platform`. */
  readonly system: string;
  /** Of this process; null where the system has none. */
  readonly uid: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  interfaces(): HostInterface[];
  /** The network mask of an address of this machine, as text; null when it is none. */
  maskOf(address: string): string | null;
  leases(): Lease[];
  /** Null when there is no such file, or it may not be read. */
  readText(path: string): string | null;
  readonly run: RunCommand;
}

/** What every test is given. */
export interface CheckContext {
  /** The platform address, IPv4. */
  readonly address: string;
  /** Milliseconds that one attempt may take. */
  readonly timeoutMs: number;
  readonly host: CheckHost;
}

/** Tests that are done, by id. */
export type DoneTests = { [Id in CheckTestId]?: CheckTestOf<Id> };

/** What a test found. */
export interface Outcome<Details> {
  result: CheckResult;
  summary: string;
  details: Details;
}

/** One test. It only reads, or sends requests that change nothing. */
export interface TestDefinition<Id extends CheckTestId = CheckTestId> {
  readonly id: Id;
  /** It sends packets: it waits for the capture. */
  readonly sends: boolean;
  /** Tests that come before it; it is skipped when one of them failed or was skipped. */
  readonly needs: readonly CheckTestId[];
  /** Tests whose findings it uses, whatever they are. */
  readonly after: readonly CheckTestId[];
  /** Details of a test that did not run. */
  readonly nothing: CheckDetails[Id];
  run(context: CheckContext, done: Readonly<DoneTests>): Promise<Outcome<CheckDetails[Id]>>;
}
