import { defineConfig, type OutputOptions, type Plugin, type RolldownOptions } from "rolldown";

/** What Ink would load and we do not want: developer tools when DEV is set, and drawing nothing before the end when CI is. */
const REPLACED: Readonly<Record<string, string>> = {
  "./devtools.js": "export {};",
  "is-in-ci": "export default false;",
};

const replaceModules: Plugin = {
  name: "replace-modules",
  resolveId: (id, importer) =>
    id in REPLACED && importer !== undefined && /[\\/]node_modules[\\/]ink[\\/]/.test(importer) ? `\0${id}` : null,
  load: (id) => REPLACED[id.slice(1)] ?? null,
};

/** Measuring text beyond ASCII takes Unicode tables that are slow to set up: they are when the first such text comes. */
const LAZY_WIDTH = "\0lazy-string-width";
const lazyStringWidth: Plugin = {
  name: "lazy-string-width",
  resolveId: (id, importer) => (id === "string-width" && importer !== LAZY_WIDTH ? LAZY_WIDTH : null),
  load: (id) => (id === LAZY_WIDTH ? 'module.exports = (text) => require("string-width").default(text);' : null),
};

/** A module that is in a file of the bundle that is made apart. */
function apart(module: RegExp, file: string): Plugin {
  return { name: "apart", resolveId: (id) => (module.test(id) ? { id: file, external: true } : null) };
}

function escapeOf(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** A file of ASCII alone is half the size in memory, and read without decoding. What is beyond stands in texts, where an escape means the same. */
const asciiAlone: Plugin = {
  name: "ascii-alone",
  generateBundle: (_, bundle) => {
    for (const file of Object.values(bundle)) {
      if (file.type === "chunk") file.code = file.code.replace(/[^\0-\x7f]/g, escapeOf);
    }
  },
};

/** A script asks who loads it for a module: bin/bundle.js. */
const importsByLoader: Plugin = {
  name: "imports-by-loader",
  renderChunk: (code) => code.replace(/\bimport\((?="\.\/)/g, "importModule("),
};

/** What is the same for all scripts. */
const SCRIPTS: OutputOptions = {
  dir: "dist/bundle",
  format: "cjs",
  entryFileNames: "[name].cjs",
  chunkFileNames: "[name]-[hash].cjs",
  comments: false,
};

/** The command line's beginning, which tells the version without loading more than it. */
const main: RolldownOptions = {
  input: "src/cli/main.ts",
  platform: "node",
  plugins: [apart(/^\.\/run\.ts$/, "./run.cjs"), asciiAlone],
  output: { ...SCRIPTS, cleanDir: true, dynamicImportInCjs: false },
};

/**
 * The command line as a few large files instead of hundreds of small ones, for a fast start: what most command lines need is one of them. They are
 * scripts, because V8 keeps the bytecode of scripts; bin/bundle.js loads them. The modules of `dist` that `tsc` made are the library's.
 */
const commandLine: RolldownOptions = {
  input: { run: "src/cli/run.ts", "capture-worker": "src/cli/capture-worker.ts" },
  platform: "node",
  plugins: [apart(/\/ui\/screen\.tsx$/, "./screen.js"), lazyStringWidth, importsByLoader, asciiAlone],
  output: {
    ...SCRIPTS,
    codeSplitting: { groups: [{ name: "run", tags: ["$initial"], test: (id) => !id.endsWith("capture-worker.ts") }] },
  },
};

/** What is loaded by itself: the screen, with Ink and React in their production form, and threads and children, whose start is waited for. */
const modules: RolldownOptions = {
  input: {
    screen: "src/ui/screen.tsx",
    "scan-worker": "src/capture/scan/scan-worker.ts",
    "cap-child": "src/capture/live/cap-child.ts",
    keeper: "src/capture/live/keeper.ts",
  },
  platform: "node",
  external: ["cap"],
  plugins: [replaceModules],
  transform: { define: { "process.env.NODE_ENV": '"production"' } },
  output: { dir: "dist/bundle", format: "esm" },
};

const config: RolldownOptions[] = defineConfig([main, commandLine, modules]);

export default config;
