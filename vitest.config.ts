import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Captures and screens that are waited for by the clock: they run one by one. */
const LIVE = ["test/live/**/*.test.ts", "test/e2e/{check,screen,screen-live}.test.ts"];
/** Tests that need the machine for themselves: they run one by one when all others are done. */
const LOAD = "test/load/{flood,start}.test.ts";
/** Most wait for other programs: the oracles, and vipscope itself. Vitest would take one less than there are cores. */
const WORKERS = "100%";

const config: ViteUserConfig = defineConfig({
  test: {
    globalSetup: "test/support/build-once.ts",
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "suite",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: [LOAD, ...LIVE],
          maxWorkers: WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "live", include: LIVE, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: { name: "load", include: [LOAD], fileParallelism: false, sequence: { groupOrder: 2 } },
      },
    ],
  },
});

export default config;
