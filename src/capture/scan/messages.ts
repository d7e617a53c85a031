/** What the analysis and its scanning threads say to each other. */
import type { FactsSnapshot } from "../source-facts.ts";
import type { Batch } from "./batch.ts";

/** What all sources that one thread scans share. Words are as in `AddressSet`. */
export interface ScanSetup {
  readonly ipv4: Int32Array;
  readonly ipv6: Int32Array;
  /** The time base; null when the first record read sets it. */
  readonly baseSeconds: number | null;
  readonly blockBytes: number;
  readonly batchRecords: number;
  readonly batchBytes: number;
}

/** To a thread. Batches come for a source as long as it has leave for them. */
export type ScanRequest =
  | { readonly kind: "open"; readonly source: number; readonly name: string; readonly leave: number }
  /** One batch was used up: its arrays come back, and its source may send another. */
  | { readonly kind: "used"; readonly source: number; readonly batch: Batch };

/** From a thread: the next records of a source, and what is known of it by then. */
export interface ScanResult {
  readonly source: number;
  readonly batch: Batch;
  /** As they are after the batch. */
  readonly facts: FactsSnapshot;
  /** Interfaces that were known at each of the batch's records. */
  readonly interfaces: number;
  readonly baseSeconds: number | null;
  /** Nothing more comes of this source. */
  readonly done: boolean;
}
