import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Tests that need the machine for themselves: they run one by one when all others are done. */
const LOAD = "test/load/**/*.test.ts";

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
          exclude: [LOAD],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "load", include: [LOAD], fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});

export default config;
