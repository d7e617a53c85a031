/** Columns of the tables, as data. */
import type { TableName } from "../report/view-source.ts";
export const TABLES: Record<TableName, { columns: { id: string; sortable: boolean }[] }> = {
  flows: { columns: [] },
  dns: { columns: [] },
  dhcp: { columns: [] },
  http: { columns: [] },
  probes: { columns: [] },
};

export function isNotable(_table: TableName, _row: unknown): boolean {
  return false;
}
