/** V8 compiles and collects garbage in four threads of its own, whatever the number of cores: on two cores they would keep the analysis waiting. */
import { readdirSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

const OWN_THREADS = "/proc/self/task";
/** They get a third of the time of a core that the analysis wants too, and all of an idle one. */
const NICER_BY = 5;
const NICEST = 19;

/** Lets all other threads that this process has by now give way to this one, on Linux. */
export function letThreadsGiveWay(): void {
  if (process.platform !== "linux") return;
  try {
    const niceness = Math.min(NICEST, getPriority() + NICER_BY);
    for (const id of readdirSync(OWN_THREADS).map(Number)) if (id !== process.pid) setPriority(id, niceness);
  } catch {
    // Where a process may not do that it is only slower.
  }
}
