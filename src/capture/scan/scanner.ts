/** Reads files in a thread of its own and hands over what their prefilters pass, source by source in the order in which they were opened. */
import { AddressSet } from "../../decode/address-set.ts";
import { createPrefilter } from "../../decode/prefilter.ts";
import { type OpenOptions, openFile } from "../open.ts";
import { Step } from "../record.ts";
import type { Source } from "../source.ts";
import { SourceFacts } from "../source-facts.ts";
import { type Batch, newBatch, put } from "./batch.ts";
import type { ScanRequest, ScanResult, ScanSetup } from "./messages.ts";

/** Bytes of a source that are scanned before what was found of it is handed over, full or not: few at first, so that the analysis can begin. */
const FIRST_TURN_BYTES = 1 << 22;
const TURN_BYTES = 1 << 25;

/** One file that is being scanned. */
class Scan {
  readonly index: number;
  readonly facts: SourceFacts;
  /** Batches that it may still send. */
  leave: number;
  /** Null until it is opened, and after its end. */
  source: Source | null = null;
  /** True when the record that the source stands on did not fit into the batch before. */
  isHolding = false;
  /** Interfaces that were known at the records of the latest batch. */
  interfaces = 0;

  constructor(index: number, name: string, leave: number) {
    this.index = index;
    this.facts = new SourceFacts(name);
    this.leave = leave;
  }
}

/** The work of one scanning thread. `send` must take the batch's arrays away or be done with them. */
export class Scanner {
  readonly #setup: ScanSetup;
  readonly #options: OpenOptions;
  readonly #send: (result: ScanResult) => void;
  readonly #scans: Scan[] = [];
  readonly #spare: Batch[] = [];
  #busy = false;

  constructor(setup: ScanSetup, send: (result: ScanResult) => void) {
    const addresses = addressSetOf(setup);
    this.#setup = setup;
    this.#options = {
      base: { seconds: setup.baseSeconds },
      filterFor: (linkType) => createPrefilter(linkType, addresses),
      blockBytes: setup.blockBytes,
    };
    this.#send = send;
  }

  /** Takes a request, and goes to work when it rests. */
  take(request: ScanRequest): void {
    if (request.kind === "open") {
      this.#scans.push(new Scan(request.source, request.name, request.leave));
    } else {
      this.#spare.push(request.batch);
      const scan = this.#scans.find((one) => one.index === request.source);
      if (scan !== undefined) scan.leave += 1;
    }
    if (!this.#busy) void this.#work();
  }

  /** Scans for as long as a source may send. Between two batches requests are heard. */
  async #work(): Promise<void> {
    this.#busy = true;
    for (;;) {
      const scan = this.#scans.find((one) => one.leave > 0);
      if (scan === undefined) break;
      await this.#turn(scan);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#busy = false;
  }

  /** Sends the next batch of one source. */
  async #turn(scan: Scan): Promise<void> {
    const { facts } = scan;
    const batch = this.#spare.pop() ?? newBatch(this.#setup.batchRecords, this.#setup.batchBytes);
    batch.records = 0;
    scan.leave -= 1;
    scan.source ??= await this.#open(scan);
    const done = scan.source === null || (await fill(batch, scan, scan.source));
    if (done) {
      scan.source?.close();
      this.#scans.splice(this.#scans.indexOf(scan), 1);
    }
    this.#send({
      source: scan.index,
      batch,
      facts: facts.snapshot(),
      interfaces: scan.interfaces,
      baseSeconds: this.#options.base.seconds,
      done,
    });
  }

  /** Null when the file, which was a capture a moment ago, cannot be opened: its facts then say so. */
  async #open({ index, facts }: Scan): Promise<Source | null> {
    try {
      return await openFile(facts.name, index, this.#options, facts);
    } catch (error) {
      facts.problems.add("read-failed", error instanceof Error ? error.message : String(error), null);
      return null;
    }
  }
}

/** Puts records into the batch until it is full or enough was scanned; true at the source's end. All of one batch saw the same interfaces. */
async function fill(batch: Batch, scan: Scan, source: Source): Promise<boolean> {
  const { facts } = scan;
  const enough = facts.readBytes + (facts.readBytes < FIRST_TURN_BYTES ? FIRST_TURN_BYTES : TURN_BYTES);
  for (;;) {
    const step = scan.isHolding ? Step.packet : source.next();
    if (step === Step.done) return true;
    if (step === Step.needBytes) {
      if (facts.readBytes >= enough) return false;
      const more = source.fill();
      if (more instanceof Promise) await more;
      continue;
    }
    if (batch.records === 0) scan.interfaces = facts.interfaces.length;
    scan.isHolding = facts.interfaces.length !== scan.interfaces || !put(batch, source.record);
    if (scan.isHolding) return false;
  }
}

function addressSetOf({ ipv4, ipv6 }: ScanSetup): AddressSet {
  const addresses = new AddressSet();
  for (const word of ipv4) addresses.addIpv4(word);
  for (let at = 0; at < ipv6.length; at += 4)
    addresses.addIpv6(ipv6[at] ?? 0, ipv6[at + 1] ?? 0, ipv6[at + 2] ?? 0, ipv6[at + 3] ?? 0);
  return addresses;
}
