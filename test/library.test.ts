/** The library as its user sees it: from the package that `npm pack` makes. */
import { execFileSync } from "node:child_process";
import { createReadStream, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { analyze, InputError, type Report, UsageError } from "../src/index.ts";
import { scratchDirectory } from "./support/scratch.ts";
import { vipscopeHere } from "./support/vipscope.ts";

const REFUSED = "captures/wireserver-refused.pcap";
const scratch = scratchDirectory();

async function reportOf(...parameters: Parameters<typeof analyze>): Promise<Report> {
  const analysis = await analyze(...parameters);
  analysis.close();
  return analysis.report();
}

describe("analyze", () => {
  test("gives the report that the command line writes", async () => {
    const { stdout } = await vipscopeHere("read", REFUSED, "--format", "json");
    expect(await reportOf(REFUSED)).toEqual(JSON.parse(stdout));
  });

  test("takes a stream, and several files as one", async () => {
    const piped = await reportOf(createReadStream(REFUSED));
    expect(piped.anomalies).toEqual((await reportOf(REFUSED)).anomalies);
    expect((await reportOf([REFUSED, "captures/dhcp-acquire.pcap"])).capture.sources).toHaveLength(2);
  });

  test("takes the options of the command line", async () => {
    const report = await reportOf(REFUSED, { ignore: ["handshake-refused"], platformAddresses: ["168.63.129.16"] });
    expect(report.anomalies.map((one) => one.rule)).toEqual(["secrets-in-capture"]);
    expect(report.ruleSelection?.leftOut).toEqual(["handshake-refused"]);
  });

  test("tells how far it has read", async () => {
    const told: number[] = [];
    await reportOf(REFUSED, { onProgress: (read) => told.push(read) });
    expect(told.at(-1)).toBe(readFileSync(REFUSED).length);
  });

  test("throws for what cannot be read or meant", async () => {
    await expect(analyze("none.pcap")).rejects.toThrow(InputError);
    await expect(analyze(REFUSED, { only: ["no-rule"] })).rejects.toThrow(UsageError);
    await expect(analyze(REFUSED, { platformAddresses: ["x"] })).rejects.toThrow('"x" is no IP address');
  });
});

describe("the package", () => {
  const modules = join(scratch.path, "node_modules");

  // What an install of the package does, with the dependencies that are here.
  beforeAll(() => {
    execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", scratch.path]);
    mkdirSync(join(modules, "vipscope"), { recursive: true });
    const packed = join(scratch.path, "vipscope-0.1.0.tgz");
    execFileSync("tar", ["xzf", packed, "--strip-components=1", "-C", join(modules, "vipscope")]);
    for (const name of ["@types", "commander"]) symlinkSync(resolve("node_modules", name), join(modules, name));
  });

  test("runs the example", () => {
    const example = scratch.write("example.mjs", readFileSync("examples/failing-services.mjs"));
    const shown = execFileSync(process.execPath, [example, resolve(REFUSED)], { encoding: "utf8" });
    expect(shown).toMatch(/^wireserver: .*\n {2}packet \d+: 10\.1\.0\.4:\d+ > 168\.63\.129\.16:80 SYN/);
  });

  test("has types that a strict consumer compiles against", () => {
    const consumer = `import { analyze, type Anomaly, type Report } from "vipscope";
      const analysis = await analyze(["a.pcap"], { only: ["dns-slow"], thresholds: { dnsSlowMs: 250 } });
      const report: Report = analysis.report();
      const rules: string[] = report.anomalies.map((one: Anomaly) => one.rule);
      const flows: number = analysis.view.flows.length;
      // @ts-expect-error a report has no such list
      console.log(rules, flows, report.nothing);\n`;
    scratch.write("package.json", '{"type":"module"}');
    scratch.write("consumer.ts", consumer);
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2023", "--types", "node"];
    const tsc = resolve("node_modules/.bin/tsc");
    expect(execFileSync(tsc, [...options, "consumer.ts"], { cwd: scratch.path, encoding: "utf8" })).toBe("");
  });

  test("holds the schemas, the man page and no test", () => {
    const listed = execFileSync("tar", ["tzf", join(scratch.path, "vipscope-0.1.0.tgz")], { encoding: "utf8" });
    for (const name of ["dist/report/schemas/report.schema.json", "dist/index.d.ts", "man/vipscope.1"]) {
      expect(listed).toContain(`package/${name}\n`);
    }
    expect(listed).not.toMatch(/^package\/test\/|\.test\.|golden/m);
  });
});
