import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

/** The stages from the bytes up. A file may import from its own stage and from stages before it. */
const STAGES: readonly (readonly string[])[] = [
  [
    "limits.ts",
    "version.ts",
    "bytes/",
    "report/report.ts",
    "report/check-report.ts",
    "report/rows.ts",
    "report/redact.ts",
    "report/signs-of-life.ts",
    "report/values.ts",
    "report/service-names.ts",
    "report/waiting-times.ts",
    "report/connection-outcomes.ts",
  ],
  ["capture/", "decode/"],
  ["flow/"],
  ["service/"],
  ["rules/"],
  ["report/"],
  ["extract/"],
  ["analyzer.ts"],
  ["settings/"],
  ["index.ts"],
  ["live/"],
  ["view/"],
  ["output/", "ui/", "check/", "cli/"],
];

/** Outputs and the terminal UI see the report alone, and leaves that turn values into safe text. */
const REPORT_READERS: readonly string[] = ["output/", "ui/"];
const SEEN_BY_REPORT_READERS: readonly string[] = ["output/", "ui/", "report/", "bytes/", "limits.ts", "version.ts"];

interface Import {
  from: string;
  to: string;
}

function sourceFiles(): string[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
}

function imports(): Import[] {
  return sourceFiles().flatMap((from) => {
    const text = readFileSync(join("src", from), "utf8");
    const names = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map((match) => match[1] ?? "");
    return names.map((name) => ({ from, to: relative(".", normalize(join(dirname(from), name))) }));
  });
}

function startsWithAny(file: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => file === prefix || (prefix.endsWith("/") && file.startsWith(prefix)));
}

/** The last stage's prefix that names the file most exactly decides: `report/report.ts` is a leaf, `report/build.ts` is not. */
function stageOf(file: string): number {
  const exact = STAGES.findIndex((stage) => stage.includes(file));
  return exact >= 0 ? exact : STAGES.findIndex((stage) => startsWithAny(file, stage));
}

test("every source file belongs to a stage", () => {
  expect(sourceFiles().filter((file) => stageOf(file) < 0)).toEqual([]);
});

test("imports go down the stages alone", () => {
  expect(imports().filter(({ from, to }) => stageOf(from) < stageOf(to))).toEqual([]);
});

test("outputs and the terminal UI see reports, never the stages that made them", () => {
  const wrong = imports().filter(
    ({ from, to }) => startsWithAny(from, REPORT_READERS) && !startsWithAny(to, SEEN_BY_REPORT_READERS),
  );
  expect(wrong).toEqual([]);
});

test("the terminal UI does not know the outputs", () => {
  expect(imports().filter(({ from, to }) => from.startsWith("ui/") && to.startsWith("output/"))).toEqual([]);
});

test("only the capture child's own file loads the native capture library", () => {
  const loading = sourceFiles().filter((file) =>
    /(?:from|import|require)\s*\(?\s*"cap"/.test(readFileSync(join("src", file), "utf8")),
  );
  expect(loading.filter((file) => file !== "capture/live/cap-child.ts")).toEqual([]);
});

test("only the entry ends the process", () => {
  const ending = sourceFiles().filter((file) =>
    /process\.(exit\(|exitCode\s*=)/.test(readFileSync(join("src", file), "utf8")),
  );
  expect(ending.filter((file) => file !== "cli/main.ts" && file !== "capture/live/cap-child.ts")).toEqual([]);
});

test("an import of another module names its file", () => {
  expect(imports().filter(({ to }) => !/\.(tsx?|json)$/.test(to))).toEqual([]);
});
