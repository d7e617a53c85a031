import { defineConfig, type Plugin, type RolldownOptions } from "rolldown";

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

/**
 * The command line as a few large modules instead of hundreds of small ones, for a fast start. What is imported dynamically stays apart: so
 * does the screen, with Ink and React in their production form. The modules of `dist` that `tsc` made are the library's.
 */
const commandLine: RolldownOptions = {
  input: {
    main: "src/cli/main.ts",
    "capture-worker": "src/cli/capture-worker.ts",
    "cap-child": "src/capture/live/cap-child.ts",
    keeper: "src/capture/live/keeper.ts",
  },
  platform: "node",
  external: ["cap"],
  plugins: [replaceModules],
  transform: { define: { "process.env.NODE_ENV": '"production"' } },
  output: { dir: "dist/bundle", format: "esm", cleanDir: true },
};

/** A scanning thread loads what it needs and no more, because its start is waited for. */
const scanWorker: RolldownOptions = {
  input: { "scan-worker": "src/capture/scan/scan-worker.ts" },
  platform: "node",
  output: { dir: "dist/bundle", format: "esm" },
};

const config: RolldownOptions[] = defineConfig([commandLine, scanWorker]);

export default config;
