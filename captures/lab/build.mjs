/**
 * Makes the captures anew: `node captures/lab/build.mjs [NAME...]`, all of them without a name. A name is a scenario's file name
 * without .mjs. With --readme alone it only writes the table of captures/README.md.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Lab } from "./lab.mjs";

const HERE = import.meta.dirname;
const CAPTURES = path.join(HERE, "..");
/** Scenarios mostly wait, so many fit beside each other. */
const AT_ONCE = 12;

const open = new Set();

function closeAll() {
  for (const lab of open) lab.close();
  open.clear();
}

process.on("exit", closeAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

async function readScenarios() {
  const files = readdirSync(path.join(HERE, "scenarios")).filter((file) => file.endsWith(".mjs"));
  const modules = await Promise.all(files.map((file) => import(path.join(HERE, "scenarios", file))));
  return modules.map(({ scenario }, index) => ({ ...scenario, name: path.basename(files[index], ".mjs") }));
}

async function build(scenario, index) {
  const lab = new Lab(index, scenario.topology ?? {});
  open.add(lab);
  try {
    lab.open();
    const made = await scenario.run(lab);
    writeFileSync(path.join(CAPTURES, scenario.file), made);
    console.log(`${scenario.file}: ${made.length} bytes`);
    return true;
  } catch (error) {
    console.error(`${scenario.file}: ${error.stack}`);
    return false;
  } finally {
    lab.close();
    open.delete(lab);
  }
}

async function buildAll(scenarios) {
  const queue = scenarios.map((scenario, index) => ({ scenario, index }));
  let failed = 0;
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) if (!(await build(next.scenario, next.index))) failed++;
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return failed;
}

/** The table between its two marks, from the scenarios' own words. */
function writeReadme(scenarios) {
  const file = path.join(CAPTURES, "README.md");
  const rows = scenarios
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ file: name, happened, made, found }) => `| \`${name}\` | ${happened} | ${made} | ${found} |`);
  const table = ["| file | what happened | how it was made | what must be found |", "|---|---|---|---|", ...rows].join(
    "\n",
  );
  const [before, rest] = readFileSync(file, "utf8").split("<!-- lab -->\n");
  const after = rest.slice(rest.indexOf("<!-- /lab -->"));
  writeFileSync(file, `${before}<!-- lab -->\n${table}\n${after}`);
}

const scenarios = await readScenarios();
const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
for (const name of names) {
  if (!scenarios.some((scenario) => scenario.name === name)) {
    console.error(`no scenario ${name}`);
    process.exit(2);
  }
}
writeReadme(scenarios);
if (!process.argv.includes("--readme")) {
  const failed = await buildAll(names.length > 0 ? scenarios.filter(({ name }) => names.includes(name)) : scenarios);
  process.exit(failed > 0 ? 1 : 0);
}
