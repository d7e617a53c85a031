import { defineConfig, type RolldownOptions } from "rolldown";

/**
 * The command line as a few large modules instead of hundreds of small ones, for a fast start. What is imported dynamically stays apart;
 * the modules of `dist` that `tsc` made are the library's.
 */
const config: RolldownOptions = defineConfig({
  input: {
    main: "src/cli/main.ts",
    "cap-child": "src/capture/live/cap-child.ts",
    keeper: "src/capture/live/keeper.ts",
  },
  platform: "node",
  external: ["cap", "ink", "react", "react/jsx-runtime", "react-devtools-core"],
  output: { dir: "dist/bundle", format: "esm", cleanDir: true },
});

export default config;
