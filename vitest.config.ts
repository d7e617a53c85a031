import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    globalSetup: "test/support/build-once.ts",
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

export default config;
