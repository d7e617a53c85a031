/** Takes a report back from JSON, as far as a comparison needs it. What is not such a report is told by the first thing that is wrong. */
import type { ComparedReport } from "./compare-reports.ts";
import type { ServiceVerdict, Severity } from "./report.ts";
import { SERVICES } from "./service-names.ts";

/** Why a text is no report: a sentence's rest, such as "services[0].verdict is not one of ...". */
export class NotAReport extends Error {}

const VERDICTS: readonly ServiceVerdict[] = ["healthy", "degraded", "failing", "not-seen"];
const SEVERITIES: readonly Severity[] = ["critical", "warning", "notice"];

/** Throws `NotAReport`. */
export function readReport(text: string): ComparedReport {
  const report = new Field("the report", parsed(text));
  if (report.get("schemaVersion").value !== 1) throw new NotAReport("its schemaVersion is not 1");
  const capture = report.get("capture");
  return {
    capture: {
      startedAt: capture.get("startedAt").nullOr((one) => one.text()),
      durationMs: capture.get("durationMs").nullOr((one) => one.number()),
      packets: capture.get("packets").number(),
    },
    services: report.get("services").list((one) => ({
      service: one.get("service").word(SERVICES),
      verdict: one.get("verdict").word(VERDICTS),
      summary: one.get("summary").text(),
      flows: one.get("flows").number(),
      succeeded: one.get("succeeded").number(),
      failed: one.get("failed").number(),
      responseMs: one.get("responseMs").nullOr((times) => ({
        median: times.get("median").number(),
        p95: times.get("p95").number(),
        max: times.get("max").number(),
      })),
      anomalies: one.get("anomalies").list((index) => index.number()),
    })),
    flows: report.get("flows").list((one) => ({
      service: one.get("service").word(SERVICES),
      protocol: one.get("protocol").word(["tcp", "udp", "icmp"] as const),
      vm: { ...endOf(one.get("vm")), interface: null },
      platform: endOf(one.get("platform")),
    })),
    anomalies: report.get("anomalies").list((one) => ({
      rule: one.get("rule").text(),
      severity: one.get("severity").word(SEVERITIES),
      title: one.get("title").text(),
      summary: one.get("summary").text(),
      cause: one.get("cause").text(),
      remedy: one.get("remedy").text(),
      count: one.get("count").number(),
      firstAt: one.get("firstAt").text(),
      lastAt: one.get("lastAt").text(),
      flows: one.get("flows").list((id) => id.number()),
      packets: [],
      displayFilter: one.get("displayFilter").text(),
    })),
    ruleSelection: report.get("ruleSelection").added((one) => ({
      leftOut: one.get("leftOut").list((id) => id.text()),
    })),
  };
}

function endOf(end: Field): { address: string; port: number | null; mac: null } {
  return { address: end.get("address").text(), port: end.get("port").nullOr((port) => port.number()), mac: null };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotAReport("it is not JSON");
  }
}

/** A value with the path by which it was found, for messages. */
class Field {
  readonly path: string;
  readonly value: unknown;

  constructor(path: string, value: unknown) {
    this.path = path;
    this.value = value;
  }

  get(name: string): Field {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw this.wrong("an object");
    const path = this.path === "the report" ? name : `${this.path}.${name}`;
    return new Field(path, Object.getOwnPropertyDescriptor(value, name)?.value);
  }

  list<Row>(read: (row: Field) => Row): Row[] {
    if (!Array.isArray(this.value)) throw this.wrong("a list");
    return this.value.map((row, index) => read(new Field(`${this.path}[${index}]`, row)));
  }

  nullOr<Value>(read: (field: Field) => Value): Value | null {
    return this.value === null ? null : read(this);
  }

  /** Of a field that earlier reports do not have. */
  added<Value>(read: (field: Field) => Value): Value | null {
    return this.value === undefined ? null : this.nullOr(read);
  }

  text(): string {
    if (typeof this.value !== "string") throw this.wrong("a text");
    return this.value;
  }

  number(): number {
    if (typeof this.value !== "number" || !Number.isFinite(this.value)) throw this.wrong("a number");
    return this.value;
  }

  word<Word extends string>(words: readonly Word[]): Word {
    const word = words.find((one) => one === this.value);
    if (word === undefined) throw this.wrong(`one of ${words.join(", ")}`);
    return word;
  }

  private wrong(wanted: string): NotAReport {
    return new NotAReport(`${this.path} is not ${wanted}`);
  }
}
