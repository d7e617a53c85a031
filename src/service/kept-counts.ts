/** Keeps the services' counts exact while a live session lets go of old flows. */
import type { ServiceName } from "../report/report.ts";
import { gatherActivity } from "./activity.ts";
import { heartbeatOf } from "./heartbeat.ts";
import type { ServiceCounts, Services, TrackedTables } from "./services.ts";

const NONE: ServiceCounts = { flows: 0, succeeded: 0, failed: 0 };

/** Runs `letGo`, which releases flows, and adds what they counted for to what was let go before. */
export function keepCounts(services: Services, tables: TrackedTables, letGo: () => void): void {
  const before = countsOf(services, tables);
  letGo();
  const after = countsOf(services, tables);
  for (const [service, counts] of before) {
    const left = after.get(service) ?? NONE;
    const kept = services.letGoCounts.get(service) ?? NONE;
    services.letGoCounts.set(service, {
      flows: kept.flows + counts.flows - left.flows,
      succeeded: kept.succeeded + counts.succeeded - left.succeeded,
      failed: kept.failed + counts.failed - left.failed,
    });
  }
}

function countsOf(services: Services, tables: TrackedTables): Map<ServiceName, ServiceCounts> {
  const counts = new Map<ServiceName, ServiceCounts>();
  for (const [service, { flows, attempts }] of gatherActivity(services, tables)) {
    counts.set(service, { flows, succeeded: attempts.succeeded, failed: attempts.failed });
  }
  counts.set("heartbeat", heartbeatOf(services) ?? NONE);
  return counts;
}
